import { pending } from './call'
import { connection, type ConnectionState } from './connection'
import { open } from './subscription'

/** What the client is doing at present, for tools. */
export interface Inspection {
  connection: ConnectionState
  /** Calls without an answer. */
  calls: { path: string; args: readonly unknown[]; sent: boolean }[]
  /** Streams that have readers. */
  streams: { path: string; args: string; status: string; value: unknown; error: string | undefined; offset: number }[]
}

/** Describes the state of the client. */
export function inspect(): Inspection {
  return {
    connection: connection.current,
    calls: [...pending.values()].map(({ path, args, sent }) => ({ path, args, sent })),
    streams: [...open.values()].map(({ follower, offset }) => {
      const { current, status, error } = follower as unknown as { current: unknown; status: string; error: Error | undefined }
      return { path: follower.path, args: follower.argsText, status, value: current, error: error?.message, offset }
    }),
  }
}
