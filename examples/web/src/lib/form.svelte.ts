import { RpcError } from '$live'

/** Runs calls for a form: one at a time, with the message of what the server refuses. */
export class Form {
  busy = $state(false)
  problem = $state('')

  /** Runs a call, and tells whether it went well. */
  async run(call: () => Promise<unknown>): Promise<boolean> {
    this.busy = true
    this.problem = ''
    try {
      await call()
      return true
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      this.problem = error.retryAfter ? `${error.message} Try again in ${Math.ceil(error.retryAfter)} s.` : error.message
      return false
    } finally {
      this.busy = false
    }
  }
}
