// This is the client runtime of Live. livec wrote it; changes are lost.
/** What the generator knows about an rpc. */
interface CallOptions {
  /** It writes: the server recognizes a repeated call by its key. */
  write?: boolean;
  /** It must not be sent twice, and has no key. */
  once?: boolean;
  /** The index of the argument that is sent as raw bytes. */
  bytes?: number;
  /** Reads the result. */
  decode?: Codec | undefined;
  /** Encodes values among the arguments that JSON does not have. */
  encode?: (this: any, name: string, value: unknown) => unknown;
  /** The time limit of the rpc itself, in milliseconds. */
  timeout?: number;
}
/** An rpc of the app. `E` is the union of the codes that it can fail with. */
interface Rpc<A extends unknown[], R, E extends string = string> {
  (...args: A): Promise<R>;
  /** Calls again even if the same call was made in this turn of the event loop. Otherwise the two share one call. */
  fresh(...args: A): Promise<R>;
  /** `module/name`, as on the wire. */
  readonly path: string;
  /** For the type only: the codes it can fail with. */
  readonly codes?: E;
}
/** The codes that a call of an rpc can fail with: `ErrorCode<typeof send>`. */
type ErrorCode<F> = (F extends Rpc<never[], unknown, infer E> ? E : never) | SystemCode;
/** The error that a call of an rpc fails with: `ErrorOf<typeof send>`. */
type ErrorOf<F> = RpcError<ErrorCode<F>>;
/** Whether a caught error is one of this rpc, so that its codes are known: `if (failed(send, e)) switch (e.code) { … }`. */
declare function failed<F extends Rpc<any[], any, any>>(rpc: F, error: unknown): error is ErrorOf<F>;
/** Makes the function that calls an rpc. */
declare function rpc<A extends unknown[], R, E extends string = string>(path: string, how?: CallOptions): Rpc<A, R, E>;
/**
 * Calls an rpc by its path. It rejects with an `RpcError`. If the connection is lost, the call is sent again on the next one, provided that
 * this is safe: it only reads, or the server recognizes it by its key.
 */
declare function call(path: string, args: readonly unknown[], how?: CallOptions, fresh?: boolean): Promise<unknown>;
/** How many connections the signals of a call have reached: `await reached(ring(bob))`. 0 means that the user had no connection. */
declare function reached(call: Promise<unknown>): Promise<number>;
/**
 * Sends the calls that `make` makes in one frame; they run in parallel, or one after the other with `sequential`. The promise resolves with
 * all results, or rejects with the first error; each call settles on its own. A batch of more than 50 calls fails as a whole. If `make`
 * throws, nothing is sent. Calls with bytes, and those that start or end a session, are sent beside the frame.
 */
declare function batch<T extends readonly unknown[]>(make: () => readonly [...T], how?: {
  sequential?: boolean;
}): Promise<{
  -readonly [K in keyof T]: Awaited<T[K]>;
}>;
/** A channel that clients may publish into. `P` is what they publish, and `E` the events. */
declare class LiveChannel<T, P, E extends string = EventsOf<T>> extends LiveStream<T, E> {
  #private;
  /**
   * Publishes an event to all subscribers of the channel. `event` is one of its merge; the default is the one that puts a row. It rejects
   * with an `RpcError`.
   */
  publish(value: P, event?: E): Promise<void>;
  /** Removes one's own row. */
  clear(): Promise<void>;
}
/** A channel without parameters. */
declare const channel: <T, P, E extends string = EventsOf<T>>(path: string, make: MakeMerge) => LiveChannel<T, P, E>;
/** A channel with parameters. */
declare const channels: <A extends unknown[], T, P, E extends string = EventsOf<T>>(path: string, make: MakeMerge) => ((...args: A) => LiveChannel<T, P, E>);
/** Who is in a room, where members may change their own entry. */
declare class Presence<T, P> extends LiveChannel<T, P, 'join' | 'leave'> {
  /** Replaces one's own entry. */
  update(value: P): Promise<void>;
}
/** The presence of a room. */
declare const presences: <A extends unknown[], T, P>(path: string, make: MakeMerge) => ((...args: A) => Presence<T, P>);
/** The cursors in a room. */
declare class Cursors<T, P> extends LiveChannel<T, P, 'update' | 'remove'> {
  #private;
  /**
   * Moves one's own cursor. At most one move is sent in a frame of the screen, the last one, and it is not answered. Without a connection
   * nothing is sent.
   */
  move(value: P): void;
}
/** The cursors of a room, by its arguments. */
declare const cursors: <A extends unknown[], T, P>(path: string, make: MakeMerge) => ((...args: A) => Cursors<T, P>);
/** Reads a value as it came over the wire. */
type Codec = (value: any) => any;
/** A time: a `Date`. */
declare const time: Codec;
/** Bytes: a `Uint8Array`. */
declare const bytes: Codec;
/** A record with some fields that have a codec. Fields that are absent stay so. */
declare const record: (fields: Record<string, Codec>) => Codec;
/** A list. */
declare const list: (element: Codec) => Codec;
/** A map. */
declare const map: (element: Codec) => Codec;
/** A union of records, which differ in the value of one field. */
declare const union: (tag: string, variants: Record<string, Codec>) => Codec;
/** A type that contains itself: the codec is looked up when it is used. */
declare const lazy: (get: () => Codec) => Codec;
/** The arguments of a signal, in order; null for those that need no codec. */
declare const tuple: (...codecs: (Codec | null)[]) => Codec;
/** Writes bytes within arguments, for `JSON.stringify`. */
declare function base64(this: any, name: string, value: unknown): unknown;
interface Input<T> {
  readonly current: T | undefined;
  readonly error: RpcError | undefined;
  retry?(): void;
  subscribe(run: (value: StreamValue<T>) => void): () => void;
}
type Values<S extends readonly unknown[]> = {
  [K in keyof S]: S[K] extends Input<infer T> ? T : never;
};
/** A value computed from the values of several streams. */
declare class Combined<T> extends Source<StreamValue<T>> {
  #private;
  /** The value; undefined until all streams have one. Reactive in Svelte 5. */
  get current(): T | undefined;
  /** The first error among the streams. Reactive in Svelte 5. */
  get error(): RpcError | undefined;
  /** Subscribes again to the streams that have failed. */
  retry(): void;
}
/**
 * Combines streams: `combine(orders, products, (orders, products) => …)`. The function runs when all of them have a value, and after each
 * change.
 */
declare function combine<S extends readonly [Input<any>, ...Input<any>[]], R>(...parts: [...streams: S, make: (...values: Values<S>) => R]): Combined<R>;
/** The state of the page's only connection. */
interface ConnectionState {
  /** `idle`: nothing has needed it yet. `waiting`: lost; the next attempt is at `retryAt`. `closed`: the server has closed it for good. */
  readonly state: 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';
  /** The close code of the last connection. */
  readonly code?: number;
  readonly reason?: string;
  /** When the next attempt is made, in milliseconds since 1970. */
  readonly retryAt?: number;
  /** While it is open: the `key` of one's own entries in presence and cursors. */
  readonly key?: string;
}
declare class Connection extends Source<ConnectionState> {
  /** Reactive in Svelte 5. */
  get current(): ConnectionState;
}
/** The state of the connection, as a store and as `.current`. */
declare const connection: Readonly<Pick<Connection, 'subscribe' | 'current'>>;
/**
 * Connects anew, with the cookies of the page and a fresh token. Call it when the session was changed without Live, after signing in or out
 * with a token, or after the server has closed the connection for good. What was sent to one user is not shown to the next.
 */
declare function reconnect(): void;
/** A fault in the arguments of a call. `path` is a JSON Pointer (RFC 6901) into the array of arguments: `/1` is the second one. */
interface Issue {
  path: string;
  message: string;
}
/** The codes that any call can fail with. `DISCONNECTED`, `TIMEOUT`, `QUEUE_FULL` and `STALE` come from the client itself. */
type SystemCode = 'CONFLICT' | 'DISCONNECTED' | 'FORBIDDEN' | 'INTERNAL' | 'MALFORMED' | 'NOT_FOUND' | 'OVERLOADED' | 'PAYLOAD_TOO_LARGE' | 'QUEUE_FULL' | 'RATE_LIMITED' | 'RESULT_TOO_LARGE' | 'STALE' | 'TIMEOUT' | 'UNAUTHORIZED' | 'UNAVAILABLE' | 'USE_HTTP' | 'VALIDATION';
/** A failure on the wire. */
interface Failure<C extends string = string> {
  code: C;
  message: string;
  issues?: Issue[];
  retryAfter?: number;
}
/** A call or a stream that failed. `C` is the union of the codes it can have. */
declare class RpcError<C extends string = string> extends Error {
  readonly name = "RpcError";
  readonly code: C;
  /** The faults in the arguments; with `VALIDATION`. */
  readonly issues?: Issue[];
  /** Seconds to wait before another try; with `RATE_LIMITED` and `OVERLOADED`. */
  readonly retryAfter?: number;
  constructor(failure: Failure<C>);
}
/**
 * An rpc that starts or ends a session. It goes over HTTP, which can set a cookie. Afterwards the connection is opened anew, as the new
 * user.
 */
declare function sessionRpc<A extends unknown[], R, E extends string = string>(path: string, how?: CallOptions): Rpc<A, R, E>;
/** What the client is doing at present, for tools. */
interface Inspection {
  connection: ConnectionState;
  /** Calls without an answer. */
  calls: {
      path: string;
      args: readonly unknown[];
      sent: boolean;
  }[];
  /** Streams that have readers. */
  streams: {
      path: string;
      args: string;
      status: string;
      value: unknown;
      error: string | undefined;
      offset: number;
  }[];
}
/** Describes the state of the client. */
declare function inspect(): Inspection;
/** The value of a stream, and how events change it. If a merge cannot apply an event it throws, and the client requests the value anew. */
interface Merge {
  /** Sets the whole value. */
  load(value: any): void;
  /** Applies an event. It returns the rows that it has changed, or nothing if the whole value has changed. */
  apply(event: string, data: any): unknown[] | void;
  /** The value as it is now; the same object until it changes. */
  view(): any;
  /** Decodes a whole value. */
  decode?: Codec | undefined;
  /** The key of a row; absent if the value is not a list of rows with keys. */
  key?: ((row: any) => unknown) | undefined;
  /** The order of rows that have no position of the server yet. Default: at the end. */
  sort?: ((a: any, b: any) => number) | undefined;
  prepend?: boolean;
  /** The rows that fit, of those with changes on top. */
  trim?: ((rows: any[]) => any[]) | undefined;
  /** The event that puts a row, and the one that removes it, for clients that publish. */
  events: readonly [put: string, remove?: string];
}
/** Makes the merge of one stream. */
type MakeMerge = () => Merge;
/** Returns the function that gives the key of a row with these key fields. */
declare const keyOf: (fields: readonly string[]) => ((row: any) => unknown);
/** A value that is replaced as a whole. */
declare const set: (decode?: Codec, isList?: boolean) => MakeMerge;
/** What the generator knows about the rows of a list. */
interface Rows {
  key?: readonly string[];
  /** Decodes one row. */
  row?: Codec;
  /** The order of rows. */
  sort?: (a: any, b: any) => number;
  /** How many rows there are at most. */
  limit?: number;
}
/**
 * Orders rows by some of their fields; a `-` before a name means descending, and null comes first. A field of an enumeration is a list: the
 * name, then the values in their order. A new row is shown in this order until the server has positioned it.
 */
declare const by: (...fields: (string | readonly string[])[]) => (a: any, b: any) => number;
/** A live query: the server says which rows are inserted, deleted, changed and moved, and where. */
declare const diff: ({ key, row, sort, limit }?: Rows) => MakeMerge;
/**
 * `merge crud`: created, updated and deleted rows. A created row replaces the one with its key; if there is none it is added at the end, or
 * in front.
 */
declare const crud: (key?: readonly string[], { row, prepend }?: Rows & {
  prepend?: boolean;
}) => MakeMerge;
/** `merge presence`: who is here. */
declare const presence: (row?: Codec) => MakeMerge;
/** `merge cursor`: the cursors of a room or channel. */
declare const cursor: (row?: Codec) => MakeMerge;
/** `merge latest`: the last `max` events, whatever their names. */
declare const latest: (max?: number, { row, prepend }?: Rows & {
  prepend?: boolean;
}) => MakeMerge;
/** A call that waits for the connection. */
interface QueuedCall {
  path: string;
  args: readonly unknown[];
  /** When it was made, in milliseconds since 1970. */
  queuedAt: number;
}
/** Has calls made without a connection wait for it, instead of failing when they time out. */
interface OfflineOptions {
  /** Whether they wait. Default: true, if `offline` is given. */
  queue?: boolean;
  /** How many wait at most. Beyond that the oldest fails with `QUEUE_FULL`. Default: 100. */
  maxQueue?: number;
  /** Milliseconds after which a waiting call fails with `STALE` instead of being sent. Default: no limit. */
  maxAge?: number;
  /** Called for each waiting call before it is sent; false drops it with `STALE`. */
  beforeReplay?: (call: QueuedCall) => boolean;
  /** Called for each call that waited and then failed. */
  onReplayError?: (call: QueuedCall, error: RpcError) => void;
}
/** What `configure` takes. */
interface Options {
  /**
   * The address of the server: `wss://example.com`, `https://example.com`, or one with a path. Its query is sent with each request. A path
   * alone, such as `/app`, is on the server of the page: the server's `--base`. Default: the server of the page.
   */
  url?: string;
  /**
   * Gives the token that identifies the caller, such as a JWT, for `bearer()` on the server; without a token the caller is nobody. It is
   * kept until it expires, and then requested again: half a minute before the `exp` of a JWT, when the server has closed the connection
   * because the caller has changed (4004) or has refused the token (UNAUTHORIZED), and after `reconnect()`.
   */
  token?: () => Token | PromiseLike<Token>;
  /** Milliseconds a call may take. Default: 30,000, or what the rpc declares if that is more. */
  timeout?: number;
  offline?: OfflineOptions;
  /** Called when the connection is back; not for the first one. */
  onConnect?: () => void;
  /** Called when the connection is lost, with the close code (RFC 6455 §7.4) and reason. */
  onDisconnect?: (code: number, reason: string) => void;
  /** Runs before each attempt to reconnect, which waits for it. */
  beforeReconnect?: () => void | Promise<void>;
  /**
   * Called when the server has another contract than the page was built for, as after a release. The page is then reloaded, once, and what
   * was not sent is sent afterwards; with false it stays as it is, and calls and streams fail until `reconnect()`. Calls wait for a promise.
   */
  onContractChange?: () => boolean | void | PromiseLike<boolean | void>;
  /** Called with the text or bytes of each frame that is not a message of Live. */
  onUnhandled?: (frame: unknown) => void;
  /** The WebSocket to use. Outside of a browser there are no connections unless this is given: rendering on a server never opens one. */
  WebSocket?: typeof WebSocket;
  /** The fetch to use for calls over HTTP. */
  fetch?: typeof fetch;
}
/** Sets the given options, and leaves the others as they are. Set `url` and `token` before the first call or subscription. */
declare function configure(changes: Options): void;
/** One change on top of the value. */
interface Change {
  /** The key of the row; undefined for the whole value, and for a row without a key. */
  key: unknown;
  /** The key that the server will give the row, if it can be predicted. */
  predicted?: unknown;
  /** Puts a row, assigns fields to a row, removes a row, replaces the whole value. */
  kind: 'put' | 'assign' | 'remove' | 'all';
  data: any;
  /** The index at which a new row is inserted; undefined: where its order says. */
  at: number | undefined;
  /** The call that makes this change has no answer yet. Until then nothing else ends the change. */
  held: boolean;
  /** It comes from undo or redo. */
  step: boolean;
}
/** The change that an event makes, to show it before the server sends it. */
declare function changeOf(merge: Merge, event: string, data: any, held: boolean): Change;
/** The value with changes on top. */
declare function apply(value: any, changes: readonly Change[], merge: Merge): any;
/** The changes that remain after the server has sent some rows, or the whole value if `touched` is absent. */
declare function settle(changes: readonly Change[], touched: readonly unknown[] | undefined, merge: Merge): Change[];
/** The changes that turn one value into another. */
declare function steps(from: any, to: any, merge: Merge): Change[];
/** The hash of at most 55 bytes: with its padding, what fits into one block. */
declare function sha256(message: Uint8Array): Uint8Array;
/** Messages that the server sends to this user alone. */
interface Signal<A extends unknown[]> {
  /** Calls `listener` for each one, until the returned function is called. */
  on(listener: (...args: A) => void): () => void;
}
/** A signal. */
declare function signal<A extends unknown[]>(path: string, decode?: Codec): Signal<A>;
/**
 * Makes `.current`, `.status` and `.error` reactive in Svelte 5 without the vite plugin: call `reactive(createSubscriber)`, with
 * `createSubscriber` from svelte/reactivity, before anything is shown.
 */
declare function reactive(make: MakeTracker): void;
/** Notifies the listeners of a source that it has changed, once for all changes of this turn of the event loop. */
declare function touch(source: Source<unknown>): void;
/** Runs a callback of the app: its errors must not stop the client. */
declare function safely(fn: () => void): void;
/** A value that changes: a store, and a value for runes. It holds its resources only while it has readers. */
declare abstract class Source<V> implements Readable<V> {
  #private;
  /** The store contract of Svelte: `run` gets the value at once and after each change. */
  subscribe(run: (value: V) => void): () => void;
}
/**
 * The state of a stream. `idle`: it has no reader. `loading`: it waits for its first value. `live`: its value is up to date. `stale`: its
 * value may be old, and it waits for the new one. `off`: its gate is closed. `error`: see `.error`.
 */
type Status = 'idle' | 'loading' | 'live' | 'stale' | 'off' | 'error';
/**
 * What stores show of a stream: nothing while it loads, its value, or an error. For a list the error comes as an empty list with the
 * property `error`.
 */
type StreamValue<T> = undefined | Shown<T>;
type Shown<T> = T extends readonly unknown[] ? T & {
  error?: RpcError;
} : (T extends null | undefined ? T : T & {
  error?: undefined;
}) | {
  error: RpcError;
};
/** The events of a stream, if its module does not name others: changes of rows, or of the whole value. */
type EventsOf<T> = T extends readonly unknown[] ? 'created' | 'updated' | 'deleted' : 'set';
/** What an event carries: a row, or the whole value. */
type EventData<T, K extends string> = K extends 'set' ? T : T extends readonly unknown[] ? Partial<Entry<T>> : T;
/** A row of a list; the value itself if it is not a list. */
type Entry<T> = T extends readonly (infer R)[] ? R : T;
/** What `.load` needs: SvelteKit's `event`, or the same members. */
interface LoadFrom {
  /**
   * The fetch to use. On a server it is left aside if there is a `request`: the fetch of SvelteKit would send an `Origin`, as pages of another
   * site do.
   */
  fetch?: typeof fetch;
  /** The request that is being answered. Its cookies and its token identify the reader. */
  request?: {
      headers: {
          get(name: string): string | null;
      };
  };
  /** The cookies of the reader, instead of those of `request`. */
  cookie?: string;
  /** The token of the reader, instead of that of `request` and of what `configure({ token })` gives. */
  token?: string | null;
}
/** A stream of the app with its value, for stores, runes and plain code. All its readers share one subscription. */
declare class LiveStream<T, E extends string = EventsOf<T>> extends Source<StreamValue<T>> {
  #private;
  /** `module/name`, as on the wire. */
  readonly path: string;
  /**
   * The value; undefined while there is none. Reactive in Svelte 5. Outside of a reactive context it is the last known value, and reading
   * it does not subscribe.
   */
  get current(): T | undefined;
  /** Reactive in Svelte 5. */
  get status(): Status;
  /** Why there is no value, or why it may be old. Reactive in Svelte 5. */
  get error(): RpcError | undefined;
  /** Whether there are further pages to load. Reactive in Svelte 5. */
  get hasMore(): boolean;
  /** Resolves with the first value, or rejects with the error. It subscribes until then. */
  get ready(): Promise<T>;
  /**
   * Reads the value once, over HTTP, for the first rendering. Guards run as they do for a subscription. It is undefined if the gate is closed.
   */
  load(from?: LoadFrom): Promise<T | undefined>;
  /**
   * Shows a value from `.load` until the live value arrives; undefined means that the gate is closed. On a server it returns another object,
   * so that requests share nothing: use the result.
   */
  hydrate(value: T | undefined): this;
  /**
   * The stream while a condition holds: a boolean, a store, or a function that runs again when what it reads changes (in Svelte 5). While
   * the condition does not hold there is no subscription.
   */
  when(condition: boolean | Readable<unknown> | (() => unknown)): Conditional<T>;
  /**
   * Loads the next page. It resolves with true when readers have its rows; with false if this call has loaded none: there is no further page,
   * or another call is loading it, which it waits for. It rejects if a limit of the server refuses the page; what is loaded stays, and live.
   */
  loadMore(): Promise<boolean>;
  /** Subscribes again after an error. A stream without an error stays as it is. */
  retry(): void;
  /**
   * Shows a change before the server has made it. It lasts until the server sends the same row, or until the returned function is called,
   * which undoes only this change. `until` is the call that makes the change: if the call fails, the change is undone; if it returns a row,
   * the change shows that row.
   */
  optimistic<K extends E | 'set'>(event: K, data: EventData<T, K>, until?: Promise<unknown>): () => void;
  /** Keeps the last `max` values, for `undo` and `redo`. */
  enableHistory(max?: number): this;
  /** Keeps no values until `resume`: the changes in between become one step of `undo`, as for a row that is dragged. */
  pause(): void;
  /** Ends `pause`. */
  resume(): void;
  get canUndo(): boolean;
  get canRedo(): boolean;
  /** Shows the value before the last change. What the server later sends for a row wins. */
  undo(): void;
  /** Shows again the value that `undo` has replaced. */
  redo(): void;
}
/** A stream without parameters. */
declare const stream: <T, E extends string = EventsOf<T>>(path: string, make: MakeMerge) => LiveStream<T, E>;
/** A stream with parameters: the same arguments give the same object as long as it has a reader. */
declare const streams: <A extends unknown[], T, E extends string = EventsOf<T>>(path: string, make: MakeMerge) => ((...args: A) => LiveStream<T, E>);
/** A token; without one the caller is nobody. */
type Token = string | null | undefined;
/**
 * `createSubscriber` of svelte/reactivity: it returns a function. Called in a reactive context, that function calls `start`, which gets
 * `update`, to be called on each change.
 */
type MakeTracker = (start: (update: () => void) => () => void) => () => void;
/** Anything with the store contract of Svelte. */
interface Readable<T> {
  subscribe(run: (value: T) => void): () => void;
}
declare const createSubscriber: MakeTracker;
/** Makes a store of a getter, if the framework can detect when its value changes. */
declare const toStore: (<T>(get: () => T) => Readable<T>) | undefined;
/**
 * A UUID of version 7 (RFC 9562 §5.7): the current millisecond, or a later one if calls come faster than that, so that ids grow; then
 * random bits.
 */
declare function uuid7(): string;
/** The first id that a call with this key makes, computed as on the server: the key's time, then bits of the key's SHA-256. */
declare function firstId(key: string): string;
/** A stream that is read only while a condition holds. */
declare class Conditional<T> extends Source<StreamValue<T>> {
  #private;
  /** Reactive in Svelte 5. */
  get current(): T | undefined;
  /** Reactive in Svelte 5. */
  get status(): Status;
  /** Reactive in Svelte 5. */
  get error(): RpcError | undefined;
  /** Subscribes again after an error. */
  retry(): void;
}
export { Combined, Conditional, Cursors, LiveChannel, LiveStream, Presence, RpcError, base64, batch, by, bytes, call, channel, channels, combine, configure, connection, crud, cursor, cursors, diff, failed, inspect, latest, lazy, list, map, presence, presences, reached, reactive, reconnect, record, rpc, sessionRpc, set, signal, stream, streams, time, tuple, type CallOptions, type Codec, type ConnectionState, type Entry, type ErrorCode, type ErrorOf, type EventData, type EventsOf, type Inspection, type Issue, type LoadFrom, type MakeMerge, type MakeTracker, type OfflineOptions, type Options, type QueuedCall, type Readable, type Rows, type Rpc, type Signal, type Status, type StreamValue, type SystemCode, union };
