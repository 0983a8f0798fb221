import { RpcError } from '$live'

/** Who is signed in: undefined until the server has told, null for nobody. */
export class Session<U> {
  user = $state.raw<U | null | undefined>(undefined)
  #me: () => Promise<U | null>

  constructor(me: () => Promise<U | null>) {
    this.#me = me
    void this.ask()
  }

  async ask(): Promise<void> {
    try {
      this.user = await this.#me()
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      setTimeout(() => void this.ask(), 2000) // the server is not there
    }
  }
}
