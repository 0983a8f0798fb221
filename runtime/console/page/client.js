// Built of client/src/console.ts: cd client && npm run build

// src/error.ts
var RpcError = class extends Error {
  name = "RpcError";
  code;
  constructor(failure2) {
    super(failure2.message);
    this.code = failure2.code;
    if (failure2.issues) this.issues = failure2.issues;
    if (failure2.retryAfter) this.retryAfter = failure2.retryAfter;
  }
};
var failure = (code, message) => new RpcError({ code, message });

// src/codec.ts
var bytes = (value) => typeof value === "string" ? Uint8Array.from(atob(value), (c) => c.charCodeAt(0)) : value;
function bytesOf(value) {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return /ArrayBuffer\]$/.test(Object.prototype.toString.call(value)) ? new Uint8Array(value) : void 0;
}
function base64(name, value) {
  const raw = bytesOf(this[name]);
  if (!raw) return value;
  let text = "";
  for (const byte of raw) text += String.fromCharCode(byte);
  return btoa(text);
}
function write(value, encode) {
  try {
    return JSON.stringify(value, encode);
  } catch (error) {
    throw failure("VALIDATION", `This cannot be sent: ${error}`);
  }
}

// src/clock.ts
var ahead = 0;
var now = () => Date.now() + ahead;
function setNow(time) {
  ahead = time - Date.now();
}

// src/console.contract.ts
var hash = "";
var entryPoints = {};
function setHash(value) {
  hash = value;
}

// src/token.ts
var EARLY = 3e4;
var WAIT = 3e4;
function keep(app) {
  let known2;
  let ends = 0;
  const forget = (which = known2) => {
    if (which === known2) known2 = void 0;
  };
  const token = () => {
    if (known2 && now() < ends - EARLY) return known2;
    const mine = give(app);
    if (onServer()) return mine;
    ends = Infinity;
    mine.then(
      (token2) => mine === known2 && (ends = endOf(token2)),
      () => forget(mine)
    );
    return known2 = mine;
  };
  const ask = async (send2) => {
    const mine = token();
    const first = await mine;
    const answer = await send2(first);
    if (answer.error?.code !== "UNAUTHORIZED") return answer;
    forget(mine);
    const other = await token();
    return other === first ? answer : send2(other);
  };
  return { token, forget: () => forget(), ask };
}
async function give(app) {
  let timer2;
  try {
    const late = new Promise((_, reject2) => timer2 = setTimeout(reject2, WAIT, "not in time"));
    return checked(await Promise.race([app(), late]));
  } catch (error) {
    throw failure("DISCONNECTED", `The app gave no token: ${error}`);
  } finally {
    clearTimeout(timer2);
  }
}
function checked(token) {
  if (token && !/^[!-~]{1,8192}$/.test(token)) throw failure("MALFORMED", "A token is visible ASCII of at most 8192 bytes");
  return token;
}
function endOf(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).exp * 1e3 || Infinity;
  } catch {
    return Infinity;
  }
}

// src/options.ts
var options = {};
var keeper;
function configure(changes) {
  Object.assign(options, changes);
  if ("token" in changes) keeper = changes.token && keep(changes.token);
}
var onServer = () => typeof window === "undefined" && typeof WorkerGlobalScope === "undefined" && !options.WebSocket;
var rendering = (path) => failure("DISCONNECTED", `${path} is for the browser, and this renders on a server`);
function address(path, { socket: socket2, relative } = {}) {
  const { location: location2, process } = globalThis;
  const page = location2?.href ?? (process?.env?.["LIVE_URL"] || "http://127.0.0.1:8080");
  const { protocol, host, pathname, search } = new URL(options.url || (location2 ? "/" : ""), page);
  const base = pathname.replace(/\/(_live\/ws)?$/, "");
  const whole2 = path + (path.includes("?") ? search.replace("?", "&") : search);
  if (relative) return (options.url?.[0] === "/" ? base : "") + whole2;
  return `${protocol}//${host}${base}${whole2}`.replace(/^(http|ws)/, socket2 ? "ws" : "http");
}

// src/track.ts
var createSubscriber = () => () => {
};
var toStore = void 0;

// src/source.ts
var makeTracker = createSubscriber;
var dirty = /* @__PURE__ */ new Set();
function touch(source) {
  if (!dirty.size) queueMicrotask(notify);
  dirty.add(source);
}
function notify() {
  const sources = [...dirty];
  dirty.clear();
  for (const source of sources) source.notify();
}
function safely(fn) {
  try {
    fn();
  } catch (error) {
    ;
    (globalThis.reportError ?? console.error)(error);
  }
}
var Source = class {
  #listeners = /* @__PURE__ */ new Set();
  #running = false;
  #track;
  /** The store contract of Svelte: `run` gets the value at once and after each change. */
  subscribe(run) {
    const stop2 = this.listen(() => run(this.snapshot()));
    run(this.snapshot());
    return stop2;
  }
  /** Called for the first listener. It must not notify of changes before the next turn. @internal */
  begin() {
  }
  /** Called in the turn after the last listener has left, unless there is another one by then. @internal */
  end() {
  }
  /** @internal */
  listen(update) {
    if (onServer()) return () => {
    };
    const listener = () => update();
    this.#listeners.add(listener);
    if (!this.#running) {
      this.#running = true;
      this.begin();
    }
    return () => {
      this.#listeners.delete(listener);
      queueMicrotask(() => {
        if (this.#running && !this.#listeners.size) {
          this.#running = false;
          this.end();
        }
      });
    };
  }
  /** Subscribes the reactive context of the caller, if there is one. @internal */
  track() {
    this.#track ??= makeTracker((update) => this.listen(update));
    this.#track();
  }
  /** Whether there is a listener. @internal */
  get watched() {
    return this.#running;
  }
  /** @internal */
  notify() {
    for (const listener of [...this.#listeners]) safely(listener);
  }
};

// src/connection.ts
var SESSION_CHANGED = 4004;
var REFUSED = 4503;
var CONTRACT_CHANGED = 4510;
var RELOADED = "live:reloaded";
var FIRST_DELAY = 500;
var LAST_DELAY = 3e4;
var STABLE = 1e4;
var PROBE = 5e3;
var FRAME_MESSAGES = 50;
var FRAME_LENGTH = 16e3;
var socket;
var ready = false;
var heard = 0;
var connected = 0;
var asked = 0;
var due = 0;
var again = false;
var before = false;
var failures = 0;
var attempts = 0;
var who;
var turned = false;
var interval = 25e3;
var timer;
var beat;
var listed = false;
var wakeful = false;
var outbox = [];
var limits = { message: Infinity, frame: Infinity };
var lastId = 0;
var parts = /* @__PURE__ */ new Set();
var now2 = { state: "idle" };
var Connection = class extends Source {
  /** Reactive in Svelte 5. */
  get current() {
    this.track();
    return now2;
  }
  /** @internal */
  snapshot() {
    return now2;
  }
};
var connection = /* @__PURE__ */ new Connection();
function enter(state) {
  now2 = state;
  touch(connection);
}
var nextId = () => ++lastId;
var isReady = () => ready;
var person = 0;
var ended;
function use(part4) {
  parts.add(part4);
  if (now2.state === "idle" && !onServer()) open();
}
function send(message) {
  if (!ready) return;
  if (!outbox.length) queueMicrotask(flush);
  outbox.push(message);
}
function flush() {
  const messages = outbox;
  outbox = [];
  if (!ready) return;
  for (let from = 0; from < messages.length; ) {
    let to = from + 1;
    let length = messages[from].length;
    while (to < messages.length && to - from < FRAME_MESSAGES && (length += messages[to].length) < FRAME_LENGTH) to++;
    const frame = messages.slice(from, to);
    socket.send(frame.length > 1 ? `[${frame}]` : frame[0]);
    from = to;
  }
}
function sendBytes(frame) {
  if (!ready) return;
  flush();
  socket.send(frame);
}
function open() {
  clearTimeout(timer);
  if (!wakeful) {
    wakeful = true;
    globalThis.addEventListener?.("online", wake);
    globalThis.document?.addEventListener("visibilitychange", () => document.hidden || wake());
  }
  enter({ ...now2, state: "connecting" });
  const attempt2 = ++attempts;
  if (!keeper) return dial();
  keeper.token().then(
    (token) => attempt2 === attempts && dial(token),
    (error) => attempt2 === attempts && lose(1e3, error.message)
  );
}
function dial(token) {
  let ws;
  try {
    ws = new (options.WebSocket ?? WebSocket)(address("/_live/ws", { socket: true }), "live.v1");
  } catch (error) {
    const why = failure("DISCONNECTED", String(error));
    return end(why, { code: 0, error: why, heard: false, changed: false }, String(error));
  }
  socket = ws;
  heard = connected = 0;
  ws.binaryType = "arraybuffer";
  ws.onopen = () => {
    if (ws !== socket) return;
    ready = true;
    send(`{"t":"hello","v":1,"h":${JSON.stringify(hash)}${token ? `,"token":${JSON.stringify(token)}` : ""}${listed ? `,"p":${JSON.stringify(entryPoints)}` : ""}}`);
    for (const part4 of parts) part4.opened?.();
  };
  ws.onmessage = (event) => {
    if (ws === socket) receive(event.data);
  };
  ws.onclose = (event) => {
    if (ws === socket) lose(event.code, event.reason);
  };
  ws.onerror = () => {
    if (ws === socket && !ready) lose(1006, "");
  };
}
function receive(frame) {
  if (heard) heard = Date.now();
  let messages;
  try {
    messages = JSON.parse(frame);
  } catch {
    options.onUnhandled?.(frame);
    return;
  }
  for (const message of Array.isArray(messages) ? messages : [messages]) {
    if (message?.t === "hello") greet(message);
    else dispatch(message, frame);
  }
}
function dispatch(message, frame) {
  for (const part4 of parts) {
    const handle = Object.hasOwn(part4.on, message?.t) && part4.on[message.t];
    if (handle && handle(message) !== false) {
      if (ANSWERS.has(message.t)) failures = 0;
      return;
    }
  }
  if (message?.t === "err" && message.id === 0) console.warn(`Live: ${message.code}: ${message.message}`);
  else if (!known.has(message?.t)) safely(() => options.onUnhandled?.(frame));
}
var known = /* @__PURE__ */ new Set(["pong", "ok", "err", "snap", "live", "ev", "off", "end", "resync", "sig"]);
var ANSWERS = /* @__PURE__ */ new Set(["ok", "snap", "live"]);
function greet(hello) {
  heard = connected = Date.now();
  limits.message = hello.max || Infinity;
  limits.frame = hello.frame || Infinity;
  if (hello.now) setNow(hello.now);
  interval = hello.hb || interval;
  const user = /^(~~|[^~])/.test(hello.k ?? "") ? hello.k : "";
  if (who !== void 0 && who !== user) {
    person++;
    for (const part4 of parts) part4.turned?.();
  }
  who = user;
  asked = 0;
  watch(interval);
  enter({ state: "open", ...hello.k && { key: hello.k } });
  if (before) safely(() => options.onConnect?.());
  before = true;
  reloaded([]);
  for (const part4 of parts) part4.greeted?.(user);
}
function watch(ms) {
  clearTimeout(beat);
  due = Date.now() + ms;
  beat = setTimeout(look, ms);
}
function look() {
  const time = Date.now();
  if (heard < asked) {
    if (time - due < PROBE || again) return lose(4003, "Nothing was heard of the server");
    again = true;
    return ping(Math.min(PROBE, interval));
  }
  asked = 0;
  again = false;
  if (time - heard >= interval) ping(interval);
  else watch(interval);
}
function ping(ms) {
  asked = Date.now();
  send('{"t":"ping"}');
  watch(ms);
}
function wake() {
  if (now2.state === "waiting") retry();
  else if (heard) ping(Math.min(PROBE, interval));
}
function lose(code, reason, changed = code === SESSION_CHANGED) {
  const over = socket;
  const since = connected;
  socket = void 0;
  ready = false;
  outbox = [];
  heard = connected = 0;
  clearTimeout(beat);
  over?.close();
  if (since && Date.now() - since >= STABLE) {
    failures = 0;
    turned = false;
  }
  const [, refusal, text] = code === REFUSED && /^(\w+)(?:: ([^]*))?$/.exec(reason) || [];
  if (refusal === "UNAUTHORIZED" && keeper && !turned) changed = true;
  const old = code === CONTRACT_CHANGED;
  const listing = old && !listed && Object.keys(entryPoints).length > 0;
  listed ||= listing;
  const atOnce = listing || changed && !turned;
  if (changed) {
    turned = true;
    if (keeper)
      keeper.forget();
    else person++;
  }
  const said = text || reason || "The connection was lost";
  const final = code >= 4500 && code < 5e3 && !changed && !listing && !(old && options.development);
  const error = final ? new RpcError({ code: refusal ?? "DISCONNECTED", message: said }) : void 0;
  const loss = { code, error, heard: since > 0, changed };
  if (since) safely(() => options.onDisconnect?.(code, reason));
  if (error) return old && reloaded() ? renew(error, loss) : end(error, loss, reason);
  const delay = atOnce ? 0 : Math.random() * Math.min(old ? LAST_DELAY / 15 : LAST_DELAY, FIRST_DELAY * 2 ** failures++);
  enter({ state: "waiting", code, reason, retryAt: Date.now() + delay });
  for (const part4 of parts) part4.lost?.(loss);
  if (atOnce) open();
  else timer = setTimeout(retry, delay);
}
function end(error, loss, reason) {
  ended = error;
  enter({ state: "closed", code: loss.code, reason });
  for (const part4 of parts) part4.lost?.(loss);
}
async function renew(error, loss) {
  const closed = { state: "closed", code: loss.code, reason: error.message };
  enter(closed);
  for (const part4 of parts) part4.lost?.({ ...loss, error: void 0 });
  let stay = false;
  try {
    stay = await options.onContractChange?.() === false;
  } catch (error2) {
    safely(() => {
      throw error2;
    });
  }
  if (now2 !== closed) return;
  if (stay) return end(error, loss, error.message);
  reloaded([...reloaded(), hash]);
  for (const part4 of parts) part4.leaving?.(who);
  location.reload();
}
function reloaded(next) {
  try {
    if (next) {
      sessionStorage.removeItem(RELOADED);
      if (next.length) sessionStorage.setItem(RELOADED, JSON.stringify(next));
      return next;
    }
    const all = JSON.parse(sessionStorage.getItem(RELOADED) ?? "[]");
    return all.includes(hash) || !location.reload ? void 0 : all;
  } catch {
    return void 0;
  }
}
function retry() {
  clearTimeout(timer);
  const hook = options.beforeReconnect;
  if (!hook) return open();
  enter({ ...now2, state: "connecting" });
  void (async () => hook())().then(
    () => now2.state === "connecting" && !socket && open(),
    (error) => lose(1e3, String(error))
  );
}
function reconnect() {
  keeper?.forget();
  if (now2.state === "idle" || onServer()) return;
  clearTimeout(timer);
  ended = void 0;
  failures = 0;
  turned = false;
  lose(SESSION_CHANGED, "The session changed");
}

// src/sha256.ts
var fraction = (root) => (root - Math.floor(root)) * 2 ** 32;
var rotate = (x, by) => x >>> by | x << 32 - by;
var start;
var rounds = new Int32Array(64);
function prepare() {
  start = new Int32Array(8);
  for (let n = 2, count = 0; count < 64; n++) {
    let divisor = 2;
    while (n % divisor) divisor++;
    if (divisor < n) continue;
    if (count < 8) start[count] = fraction(Math.sqrt(n));
    rounds[count++] = fraction(Math.cbrt(n));
  }
  return start;
}
function sha256(message) {
  const from = start ?? prepare();
  const block = new DataView(new ArrayBuffer(64));
  message.forEach((byte, i) => block.setUint8(i, byte));
  block.setUint8(message.length, 128);
  block.setUint32(60, message.length * 8);
  const words = new Int32Array(64);
  let [a, b, c, d, e, f, g, h] = from;
  for (let i = 0; i < 64; i++) {
    const [w2, w15] = [words[i - 2], words[i - 15]];
    words[i] = i < 16 ? block.getInt32(i * 4) : words[i - 16] + (rotate(w15, 7) ^ rotate(w15, 18) ^ w15 >>> 3) + words[i - 7] + (rotate(w2, 17) ^ rotate(w2, 19) ^ w2 >>> 10);
    const one = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + (e & f ^ ~e & g) + rounds[i] + words[i];
    const two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + (a & b ^ a & c ^ b & c);
    [a, b, c, d, e, f, g, h] = [one + two | 0, a, b, c, d + one | 0, e, f, g];
  }
  const sum = new DataView(new ArrayBuffer(32));
  [a, b, c, d, e, f, g, h].forEach((word, i) => sum.setInt32(i * 4, word + from[i]));
  return new Uint8Array(sum.buffer);
}

// src/uuid.ts
var NEAR = 3e4;
var last = 0;
function uuid7() {
  const time = now();
  last = Math.abs(time - last) < NEAR ? Math.max(time, last + 1) : time;
  const bytes2 = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes2.buffer).setBigUint64(0, BigInt(last) << 16n | BigInt(bytes2[6] << 8 | bytes2[7]));
  return format(bytes2);
}
function firstId(key) {
  const seed = new Uint8Array(20);
  key.replace(/-/g, "").match(/../g).forEach((hex, i) => seed[i] = parseInt(hex, 16));
  const bytes2 = seed.slice(0, 16);
  bytes2[6] = bytes2[7] = 0;
  bytes2.set(sha256(seed).subarray(0, 8), 8);
  return format(bytes2);
}
function format(bytes2) {
  bytes2[6] = bytes2[6] & 15 | 112;
  bytes2[8] = bytes2[8] & 63 | 128;
  return Array.from(bytes2, (b, i) => (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + b.toString(16).padStart(2, "0")).join("");
}

// src/call.ts
var TIMEOUT = 3e4;
var MOST_IN_BATCH = 50;
var TOO_BIG = 1009;
var SURE_FRAME = 6e4;
var pending = /* @__PURE__ */ new Map();
var facts = /* @__PURE__ */ new WeakMap();
var same = /* @__PURE__ */ new Map();
var collecting;
var part = {
  on: {
    ok: (m) => settle(m.id, (call3) => {
      call3.count(m.n);
      call3.resolve(call3.decode ? call3.decode(m.v) : m.v);
    }),
    err: (m) => settle(m.id, (call3) => reject(call3, new RpcError(m)))
  },
  opened: resend,
  lost,
  leaving: keep2,
  greeted: restore
};
function settle(id, how) {
  const call3 = pending.get(id);
  if (!call3) return false;
  pending.delete(id);
  clearTimeout(call3.timer);
  how(call3);
  const { rest, calls } = call3.group ?? {};
  const next = rest?.filter((c) => pending.has(c.id));
  if (next?.length && !calls.some((c) => pending.has(c.id) && !next.includes(c))) transmitGroup(call3.group, next);
  return true;
}
function reject(call3, error) {
  if (call3.queuedAt) safely(() => options.offline?.onReplayError?.(call3, error));
  call3.reject(error);
}
function drop(call3, error) {
  call3.promise?.catch(() => {
  });
  settle(call3.id, () => call3.reject(error));
}
var giveUp = (call3, code, message) => settle(call3.id, () => reject(call3, failure(code, message)));
var KEPT = "live:calls";
var KEPT_FOR = 36e5;
function keep2(who2) {
  const groups = [];
  const calls = [];
  for (const { head, path, argsText, raw, write: write2, once: once2, sent, key, group = {} } of pending.values()) {
    if (head !== "call" || !(write2 || once2 && !sent)) continue;
    if (!groups.includes(group)) groups.push(group);
    const how = { ...write2 && { write: write2 }, ...once2 && { once: once2 }, ...key && { key } };
    const bytes2 = raw && { raw: base64.call([raw], "0", raw) };
    calls.push({ path, text: argsText, how, ...bytes2, group: groups.indexOf(group), sequential: !!group.sequential });
  }
  try {
    if (calls.length) sessionStorage.setItem(KEPT, JSON.stringify({ who: who2, at: Date.now(), calls }));
  } catch {
    console.warn("Live: calls are lost, since the storage of the page is full");
  }
}
function stored() {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
function restore(user) {
  const kept = JSON.parse(stored() ?? "null");
  if (!kept || !user && kept.who) return;
  sessionStorage.removeItem(KEPT);
  if ((kept.who ?? user) !== user || Date.now() - kept.at > KEPT_FOR) return;
  for (let group = 0; kept.calls.some((c) => c.group >= group); group++) {
    const some = kept.calls.filter((c) => c.group === group);
    const make = ({ path, text, how, raw }) => {
      const args = JSON.parse(text);
      const call3 = begin(path, args, text, how, raw === void 0 ? void 0 : bytes(raw));
      call3.catch((error) => safely(() => options.offline?.onReplayError?.({ path, args, queuedAt: kept.at }, error)));
    };
    if (some.length > 1) void batch(() => some.map(make), { sequential: some[0].sequential });
    else some.forEach(make);
  }
}
function call(path, args, how = {}, fresh) {
  return attempt(() => {
    if (onServer()) throw rendering(path);
    const raw = how.bytes === void 0 ? void 0 : bytesOf(args[how.bytes]);
    const text = write(trim(raw ? args.map((a, i) => i === how.bytes ? null : a) : args), how.encode);
    return once(raw || fresh ? "" : path + text, () => begin(path, args, text, how, raw));
  });
}
function attempt(make) {
  try {
    return make();
  } catch (error) {
    return Promise.reject(error);
  }
}
function once(name, make) {
  if (!name || collecting) return make();
  let promise = same.get(name);
  if (!promise) {
    if (!same.size) queueMicrotask(() => same.clear());
    same.set(name, promise = make());
  }
  return promise;
}
function launch(one) {
  if (collecting) collecting.unsent.push(one);
  else one.send();
}
function begin(path, args, text, how, raw, head = "call", tail2 = "") {
  let tell;
  let made;
  const fact = { key: new Promise((resolve) => tell = resolve), count: 0 };
  const promise = new Promise((resolve, refuse2) => {
    const id = nextId();
    const compose = () => {
      const key = how.write ? one.key ??= uuid7() : "";
      if (key) tell(key);
      return `{"t":"${head}","id":${id},"m":${JSON.stringify(path)},"a":${text}${key && `,"k":"${key}"`}${tail2}}`;
    };
    const count = (n = 0) => fact.count = n;
    const fresh = { head, argsText: text, text: "", sent: false, due: 0, queuedAt: 0, group: void 0 };
    const one = { ...how, ...fresh, id, path, args, raw, compose, count, resolve, reject: refuse2 };
    use(part);
    if (ended) return refuse2(ended);
    pending.set(id, one);
    made = one;
    if (collecting && !raw && head === "call") {
      one.group = collecting.group;
      collecting.group.calls.push(one);
    } else launch({ send: () => submit([one]), drop: (error) => drop(one, error) });
  });
  if (made) made.promise = promise;
  facts.set(promise, fact);
  return promise;
}
var keyOfCall = (call3) => facts.get(call3)?.key;
function trim(args) {
  let n = args.length;
  while (n && args[n - 1] === void 0) n--;
  return args.slice(0, n);
}
function submit(calls) {
  if (isReady()) return transmit(calls);
  const { offline } = options;
  for (const call3 of calls) {
    if (offline && offline.queue !== false) {
      call3.queuedAt = Date.now();
      const waiting = [...pending.values()].filter((p) => p.queuedAt && !p.sent);
      if (waiting.length > (offline.maxQueue ?? 100)) giveUp(waiting[0], "QUEUE_FULL", "Too many calls wait for the connection");
    } else arm(call3);
  }
}
var timeLimit = (how) => Math.max(options.timeout ?? TIMEOUT, how.timeout ?? 0);
function arm(call3) {
  if (call3.due) return;
  const limit = timeLimit(call3);
  call3.due = Date.now() + limit;
  call3.timer = setTimeout(expire, limit, call3);
}
function expire(call3) {
  if (call3.sent) giveUp(call3, "TIMEOUT", `${call3.path} was not answered in time`);
  else giveUp(call3, "DISCONNECTED", "The server cannot be reached");
}
function transmit(calls) {
  for (const call3 of calls) {
    call3.text ||= call3.compose();
    call3.sent = true;
    arm(call3);
  }
  const group = calls[0]?.group;
  if (group) group.rest = [];
  calls = calls.filter((call3) => fits(call3) || !giveUp(call3, "PAYLOAD_TOO_LARGE", tooLarge(call3)));
  const first = calls[0];
  if (!first) return;
  if (group) transmitGroup(group, calls);
  else if (first.raw) sendBytes(binary(first.text, first.raw));
  else send(first.text);
}
var weight = (text) => new TextEncoder().encode(text).length;
var tooLarge = (call3) => `The arguments of ${call3.path} are larger than the server takes`;
function fits({ text, raw, bytes: bytes2 }) {
  const most = bytes2 === void 0 ? limits.message : limits.frame;
  const length = raw?.length ?? 0;
  return 3 * text.length + length < most || weight(text) + length + 3 <= most;
}
function transmitGroup(group, calls) {
  const { sequential } = group;
  let room = (limits.frame < Infinity ? limits.frame : SURE_FRAME) - 64;
  let n = 0;
  while (n < calls.length && (room -= weight(calls[n].text) + 1) >= 0) n++;
  n ||= 1;
  send(`{"t":"batch"${sequential ? ',"q":true' : ""},"b":[${calls.slice(0, n).map((c) => c.text)}]}`);
  const rest = group.rest = calls.slice(n);
  if (rest.length && !sequential) transmitGroup(group, rest);
}
function binary(header, raw) {
  const text = new TextEncoder().encode(header);
  const frame = new Uint8Array(3 + text.length + raw.length);
  new DataView(frame.buffer).setUint16(1, text.length);
  frame.set(text, 3);
  frame.set(raw, 3 + text.length);
  return frame;
}
function resend() {
  const { offline } = options;
  const groups = /* @__PURE__ */ new Set();
  for (const call3 of [...pending.values()]) {
    if (call3.due && call3.due < Date.now()) {
      expire(call3);
      continue;
    }
    if (call3.queuedAt && !call3.sent) {
      const late = offline?.maxAge !== void 0 && Date.now() - call3.queuedAt > offline.maxAge;
      let replay = !late;
      if (replay && offline?.beforeReplay) safely(() => replay = offline.beforeReplay(call3) !== false);
      if (!replay) {
        giveUp(call3, "STALE", "The call waited too long for the connection");
        continue;
      }
    }
    if (!call3.group) transmit([call3]);
    else if (!groups.has(call3.group)) {
      groups.add(call3.group);
      transmit(call3.group.calls.filter((c) => pending.has(c.id)));
    }
  }
}
function lost({ code, error, heard: heard2, changed }) {
  if (code === TOO_BIG) {
    const largest = [...pending.values()].filter((c) => c.sent).sort((a, b) => size(b) - size(a))[0];
    if (largest) giveUp(largest, "PAYLOAD_TOO_LARGE", tooLarge(largest));
  }
  for (const call3 of [...pending.values()]) {
    if (error) settle(call3.id, () => reject(call3, error));
    else if (call3.sent && heard2 && (call3.once || changed && call3.write))
      giveUp(call3, "DISCONNECTED", `The connection was lost before ${call3.path} was answered`);
    else if (!heard2 && call3.sent) call3.sent = false;
  }
}
var size = (call3) => call3.text.length + (call3.raw?.length ?? 0);
function batch(make, how = {}) {
  const outer = collecting;
  const calls = [];
  const unsent = [];
  const failAll = (error) => calls.forEach((call3) => drop(call3, error));
  collecting = { group: { sequential: how.sequential ?? false, calls }, unsent };
  let promises;
  try {
    promises = make();
  } catch (error) {
    const why = failure("DISCONNECTED", `This was not sent, since its batch failed: ${error}`);
    failAll(why);
    for (const one of unsent) one.drop(why);
    throw error;
  } finally {
    collecting = outer;
  }
  if (calls.length > MOST_IN_BATCH) failAll(failure("VALIDATION", `A batch has at most ${MOST_IN_BATCH} calls`));
  else if (calls.length) launch({ send: () => submit(calls), drop: failAll });
  for (const one of unsent) launch(one);
  return Promise.all(promises);
}

// src/overlay.ts
var KINDS = { updated: "assign", deleted: "remove", leave: "remove", remove: "remove", set: "all" };
function changeOf(merge, event, data, held) {
  const kind = merge.key || event === "set" ? KINDS[event] ?? "put" : merge.view() instanceof Array && event !== "set" ? "put" : "all";
  return { key: kind === "all" ? void 0 : merge.key?.(data), kind, data, at: void 0, held, step: false };
}
function apply(value, changes, merge) {
  let out = value;
  for (const { key, predicted = key, kind, data, at } of changes) {
    if (kind === "all") {
      out = data;
      continue;
    }
    if (!Array.isArray(out)) continue;
    out = out.slice();
    const i = merge.key ? out.findIndex((row2) => [key, predicted].includes(merge.key(row2))) : -1;
    const old = i < 0 ? void 0 : out.splice(i, 1)[0];
    if (kind === "remove" || kind === "assign" && i < 0) continue;
    const row = kind === "assign" ? { ...old, ...data } : data;
    out.splice(i < 0 ? at ?? place(out, row, merge) : fits2(out, i, row, merge) ? i : place(out, row, merge), 0, row);
  }
  return out !== value && merge.trim && Array.isArray(out) ? merge.trim(out) : out;
}
function fits2(rows, i, row, { sort }) {
  return !sort || (!i || sort(rows[i - 1], row) <= 0) && (i === rows.length || sort(row, rows[i]) <= 0);
}
function place(rows, row, { sort, prepend }) {
  if (prepend) return 0;
  const i = sort ? rows.findIndex((other) => sort(row, other) < 0) : -1;
  return i < 0 ? rows.length : i;
}
function settle2(changes, touched, merge) {
  const keys = touched && merge.key && new Set(touched.map(merge.key));
  return changes.filter((c) => keys ? !(keys.has(c.key) || keys.has(c.predicted)) || c.held && c.kind !== "put" : c.held);
}
function steps(from, to, merge) {
  const step = { at: void 0, held: false, step: true };
  if (!merge.key || !Array.isArray(from) || !Array.isArray(to)) return [{ ...step, key: void 0, kind: "all", data: to }];
  const old = new Map(from.map((row) => [merge.key(row), row]));
  const out = [];
  to.forEach((row, at) => {
    const key = merge.key(row);
    if (old.get(key) !== row) out.push({ ...step, key, kind: "put", data: row, at });
    old.delete(key);
  });
  for (const key of old.keys()) out.unshift({ ...step, key, kind: "remove", data: void 0 });
  return out;
}

// src/history.ts
var same2 = (a, b) => a === b || Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((row, i) => row === b[i]);
var History = class {
  /** Keeps the last `max` values, besides the one that is shown. */
  constructor(max) {
    this.max = max;
  }
  max;
  steps = [];
  at = 0;
  // the index of the value that is shown
  paused = false;
  /** Adds what is shown now, unless it is there already. What could be redone is gone then. */
  record(step) {
    const { steps: steps2, at } = this;
    if (steps2[at] && same2(steps2[at].view, step.view)) return;
    steps2.splice(at + 1, Infinity, step);
    if (steps2.length > this.max + 1) steps2.shift();
    this.at = steps2.length - 1;
  }
  /** Takes out a change that the server has refused, as if it had never been shown. */
  forget(change, merge) {
    const kept = [];
    let { at } = this;
    this.steps.forEach((step, i) => {
      if (step.changes.includes(change)) {
        const changes = step.changes.filter((c) => c !== change);
        step = { base: step.base, changes, view: changes.length ? apply(step.base, changes, merge) : step.base };
      }
      if (!kept.length || !same2(kept.at(-1).view, step.view)) kept.push(step);
      else if (i <= this.at) at--;
    });
    this.steps = kept;
    this.at = at;
  }
  /** Forgets everything. */
  clear() {
    this.steps = [];
    this.at = 0;
    this.paused = false;
  }
};

// src/http.ts
async function request(url, init, how, fetcher = options.fetch ?? fetch, given) {
  const ask = async (bearer) => {
    const headers = { ...init.headers, ...bearer && { Authorization: `Bearer ${bearer}` } };
    const control = new AbortController();
    let timer2;
    const late = new Promise((_, reject2) => {
      timer2 = setTimeout(() => {
        reject2(failure("TIMEOUT", "The server did not answer in time"));
        control.abort();
      }, timeLimit(how));
    });
    try {
      return await Promise.race([late, fetcher(url, { ...init, headers, signal: control.signal }).then(read)]);
    } catch (error) {
      throw error instanceof RpcError ? error : failure("DISCONNECTED", `The server cannot be reached: ${error}`);
    } finally {
      clearTimeout(timer2);
    }
  };
  const answer = await (given || !keeper ? ask(checked(given)) : keeper.ask(ask));
  if (answer.error) throw new RpcError(answer.error);
  if (answer.off) return void 0;
  return how.decode ? how.decode(answer.value) : answer.value;
}
async function read(response) {
  let answer;
  try {
    answer = await response.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (answer && typeof answer === "object" && ("value" in answer || answer.error?.code)) return answer;
  const seconds = Number(response.headers?.get("Retry-After"));
  const message = `Something else than the server has answered, with the status ${response.status}`;
  return { error: { code: "UNAVAILABLE", message, ...seconds > 0 && { retryAfter: seconds } } };
}
function sessionRpc(path, how = {}) {
  const post2 = async (body) => {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": uuid7() };
    const value = await request(address("/_live/rpc/" + path), { method: "POST", credentials: "include", headers, body }, how);
    reconnect();
    return value;
  };
  const begin3 = (body) => {
    const promise = new Promise(
      (resolve, reject2) => launch({
        send: () => resolve(post2(body)),
        drop(error) {
          promise.catch(() => {
          });
          reject2(error);
        }
      })
    );
    return promise;
  };
  const start2 = (args, fresh) => attempt(() => {
    if (onServer()) throw rendering(path);
    const body = write(trim(args), how.encode);
    return once(fresh ? "" : path + body, () => begin3(body));
  });
  return Object.assign((...args) => start2(args), { fresh: (...args) => start2(args, true), path });
}

// src/subscription.ts
var PASSING = /* @__PURE__ */ new Set(["UNAVAILABLE", "OVERLOADED", "RATE_LIMITED", "TIMEOUT"]);
var open2 = /* @__PURE__ */ new Map();
var byId = /* @__PURE__ */ new Map();
var topics = /* @__PURE__ */ new Map();
var resumes = /* @__PURE__ */ new WeakMap();
var caller = 0;
var refuse = (m) => found(m.id, (s) => fail(s, m));
var part2 = {
  on: {
    snap: (m) => placed(m, (s) => s.follower.loaded(m.v, m.more ?? false, m.refused && new RpcError(m.refused))),
    live: (m) => placed(m, (s) => s.follower.confirmed()),
    ev(m) {
      for (const s of topics.get(m.c) ?? []) {
        if (s.offset < 0 || m.s <= s.offset) continue;
        if ((m.f ?? m.s - 1) <= s.offset && (s.offset = m.s, s.follower.event(m.k, m.v, m.more))) continue;
        renew2(s);
      }
    },
    off: (m) => found(m.id, (s) => (leave(s), s.follower.gated())),
    end: refuse,
    err: refuse,
    resync(m) {
      for (const s of topics.get(m.c) ?? []) {
        s.offset = -1;
        s.follower.outdated();
      }
    }
  },
  opened() {
    for (const s of open2.values()) begin2(s);
  },
  turned() {
    for (const s of open2.values()) s.follower.outdated();
  },
  lost({ error, changed }) {
    topics.clear();
    byId.clear();
    if (changed) caller++;
    for (const s of open2.values()) {
      clearTimeout(s.retry);
      s.topic = void 0;
      if (changed) s.epoch = "";
      if (error) s.follower.failed(error, true);
      else s.follower.outdated();
    }
  }
};
function found(id, then) {
  const s = byId.get(id);
  if (s) then(s);
  return !!s;
}
function placed(m, then) {
  found(m.id, (s) => {
    if (s.topic !== m.c) {
      leave(s);
      s.topic = m.c;
      const all = topics.get(m.c);
      if (all) all.add(s);
      else topics.set(m.c, /* @__PURE__ */ new Set([s]));
    }
    s.epoch = m.e;
    s.offset = m.s;
    s.tries = 0;
    then(s);
  });
}
function leave(s) {
  const all = s.topic !== void 0 && topics.get(s.topic);
  if (all && all.delete(s) && !all.size) topics.delete(s.topic);
  s.topic = void 0;
  s.offset = -1;
}
function begin2(s) {
  s.id = nextId();
  byId.set(s.id, s);
  const at = s.epoch && s.offset >= 0 ? `,"at":{"e":${JSON.stringify(s.epoch)},"s":${s.offset}}` : "";
  send(`{"t":"sub","id":${s.id},"m":${JSON.stringify(s.follower.path)},"a":${s.follower.argsText}${at}}`);
}
function stop(s) {
  clearTimeout(s.retry);
  leave(s);
  if (byId.delete(s.id)) send(`{"t":"unsub","id":${s.id}}`);
}
function renew2(s) {
  stop(s);
  s.follower.outdated();
  begin2(s);
}
function fail(s, m) {
  leave(s);
  if (!m.wait) byId.delete(s.id);
  const passing = !m.wait && PASSING.has(m.code);
  if (passing) {
    const wait = m.retryAfter ? m.retryAfter * 1e3 : Math.min(3e4, 1e3 * 2 ** s.tries++);
    s.retry = setTimeout(() => isReady() && begin2(s), wait * (1 + Math.random() / 4));
  } else s.epoch = "";
  s.follower.failed(new RpcError(m), passing);
}
function follow(follower) {
  const resume = resumes.get(follower);
  const s = {
    follower,
    id: 0,
    epoch: "",
    offset: -1,
    tries: 0,
    ...resume?.caller === caller ? resume : void 0
  };
  open2.set(follower, s);
  use(part2);
  if (ended) follower.failed(ended, true);
  else if (isReady()) begin2(s);
}
function unfollow(follower) {
  const s = open2.get(follower);
  if (!s) return;
  open2.delete(follower);
  if (follower.events?.[0] === "diff") resumes.set(follower, { epoch: s.epoch, offset: s.offset, caller });
  stop(s);
}
function again2(follower) {
  const s = open2.get(follower);
  if (!s) return;
  if (ended) return reconnect();
  if (!isReady()) return;
  stop(s);
  begin2(s);
}
function more(follower) {
  const s = open2.get(follower);
  if (s && s.topic !== void 0) send(`{"t":"more","id":${s.id}}`);
}

// src/when.ts
var Conditional = class extends Source {
  #stream;
  #condition;
  #store;
  #on = false;
  #stop = [];
  #leave;
  /** @internal */
  constructor(stream, condition) {
    super();
    this.#stream = stream;
    this.#condition = condition;
    if (typeof condition === "boolean") this.#on = condition;
    else this.#store = typeof condition !== "function" ? condition : void 0;
  }
  /** Reactive in Svelte 5. */
  get current() {
    return this.#holds() ? this.#stream.current : void 0;
  }
  /** Reactive in Svelte 5. */
  get status() {
    return this.#holds() ? this.#stream.status : "off";
  }
  /** Reactive in Svelte 5. */
  get error() {
    return this.#holds() ? this.#stream.error : void 0;
  }
  /** Subscribes again after an error. */
  retry() {
    this.#stream.retry();
  }
  #holds() {
    const condition = this.#condition;
    if (typeof condition === "function") return !!condition();
    if (this.#store) this.track();
    return this.#on;
  }
  /** @internal */
  snapshot() {
    return this.#on ? this.#stream.snapshot() : void 0;
  }
  /** @internal */
  begin() {
    const condition = this.#condition;
    const follow2 = (store) => this.#stop.push(store.subscribe((value) => this.#turn(!!value)));
    if (this.#store) follow2(this.#store);
    else this.#turn(typeof condition === "function" ? !!condition() : this.#on);
    if (typeof condition === "function" && toStore) queueMicrotask(() => this.watched && follow2(toStore(condition)));
  }
  #turn(on) {
    if (on !== this.#on) touch(this);
    this.#on = on;
    if (on) this.#leave ??= this.#stream.listen(() => this.notify());
    else {
      this.#leave?.();
      this.#leave = void 0;
    }
  }
  /** @internal */
  end() {
    for (const stop2 of this.#stop.splice(0)) stop2();
    this.#leave?.();
    this.#leave = void 0;
  }
};

// src/stream.ts
var GRACE = 2e3;
var LiveStream = class extends Source {
  /** @internal */
  constructor(path, args, make, listed2) {
    super();
    this.path = path;
    this.args = args;
    this.listed = listed2;
    this.argsText = write(trim(args), base64);
    this.#make = make;
    this.#merge = make();
  }
  path;
  args;
  listed;
  /** @internal */
  argsText;
  #merge;
  #make;
  #has = false;
  #person = 0;
  // the user that the value was sent to
  #status = "idle";
  #error;
  #failure;
  // what stores show instead of a value
  #changes = [];
  #view;
  // the value with changes on top
  #viewed = false;
  #more = false;
  #pages = 1;
  // how many the reader wants
  #got = 0;
  // how many this subscription has
  #loading;
  // of the next page
  #answer;
  // ends #loading
  #grown;
  // what #loading ends with, once readers have the rows
  #history;
  #stepped = false;
  /**
   * The value; undefined while there is none. Reactive in Svelte 5. Outside of a reactive context it is the last known value, and reading
   * it does not subscribe.
   */
  get current() {
    this.track();
    return this.#value();
  }
  /** Reactive in Svelte 5. */
  get status() {
    this.track();
    return this.#status;
  }
  /** Why there is no value, or why it may be old. Reactive in Svelte 5. */
  get error() {
    this.track();
    return this.#error;
  }
  /** Whether there are further pages to load. Reactive in Svelte 5. */
  get hasMore() {
    this.track();
    return this.#more;
  }
  /** Resolves with the first value, or rejects with the error. It subscribes until then. */
  get ready() {
    if (this.#there) return Promise.resolve(this.#value());
    if (onServer()) return Promise.reject(rendering(this.path));
    return new Promise((resolve, reject2) => {
      const look2 = () => {
        if (this.#there) resolve(this.#value());
        else if (this.#error) reject2(this.#error);
        else return;
        queueMicrotask(() => stop2());
      };
      const stop2 = this.listen(look2);
      look2();
    });
  }
  /**
   * Reads the value once, over HTTP, for the first rendering. Guards run as they do for a subscription. It is undefined if the gate is closed.
   */
  async load(from = {}) {
    const path = `/_live/stream/${this.path}?args=${encodeURIComponent(this.argsText)}`;
    const sent = onServer() ? from.request?.headers : void 0;
    const cookie = onServer() ? from.cookie ?? sent?.get("cookie") : void 0;
    const bearer = from.token ?? /^bearer +(\S+)$/i.exec(sent?.get("authorization") ?? "")?.[1];
    const relative = !!from.fetch && !from.request && !from.cookie;
    const init = { credentials: "include", headers: cookie ? { cookie } : {} };
    const fetcher = sent ? options.fetch : from.fetch;
    return await request(address(path, { relative }), init, { decode: this.#merge.decode }, fetcher, bearer);
  }
  /**
   * Shows a value from `.load` until the live value arrives; undefined means that the gate is closed. On a server it returns another object,
   * so that requests share nothing: use the result.
   */
  hydrate(value) {
    if (onServer()) {
      const copy = new this.constructor(this.path, this.args, this.#make);
      copy.#seed(value);
      return copy;
    }
    if (!this.#there) this.#seed(value);
    return this;
  }
  #seed(value) {
    const { decode, view } = this.#merge;
    if (value === void 0 || value === null && Array.isArray(view())) {
      if (!this.watched) this.#status = "off";
      return;
    }
    this.#take(decode ? decode(structuredClone(value)) : value);
    this.#status = "stale";
  }
  /**
   * The stream while a condition holds: a boolean, a store, or a function that runs again when what it reads changes (in Svelte 5). While
   * the condition does not hold there is no subscription.
   */
  when(condition) {
    return new Conditional(this, condition);
  }
  /**
   * Loads the next page. It resolves with true when readers have its rows; with false if this call has loaded none: there is no further page,
   * or another call is loading it, which it waits for. It rejects if a limit of the server refuses the page; what is loaded stays, and live.
   */
  loadMore() {
    if (this.#loading) return this.#loading.then(() => false);
    if (!this.#more || this.#status !== "live") return Promise.resolve(false);
    this.#loading = new Promise((resolve) => this.#answer = resolve);
    this.#pages++;
    this.#got++;
    more(this);
    return this.#loading;
  }
  /** Subscribes again after an error. A stream without an error stays as it is. */
  retry() {
    if (!this.#error || !this.watched) return;
    this.#error = void 0;
    this.outdated();
    again2(this);
  }
  /**
   * Shows a change before the server has made it. It lasts until the server sends the same row, or until the returned function is called,
   * which undoes only this change. `until` is the call that makes the change: if the call fails, the change is undone; if it returns a row,
   * the change shows that row.
   */
  optimistic(event, data, until) {
    const change = changeOf(this.#merge, event, data, !!until);
    const undo = () => {
      const left = this.#changes.filter((c) => c !== change);
      if (left.length === this.#changes.length) return;
      this.#history?.forget(change, this.#merge);
      this.#put(left);
    };
    this.#put([...this.#changes, change]);
    void (until && keyOfCall(until))?.then((sent) => change.predicted = firstId(sent));
    until?.then((result) => {
      change.held = false;
      const { key } = this.#merge;
      const real = change.kind === "put" && key && result && typeof result === "object" ? key(result) : void 0;
      if (real !== void 0) {
        change.key = real;
        change.data = result;
        if (this.#merge.view().some((row) => key(row) === real)) return undo();
        this.#put(this.#changes);
      }
      setTimeout(undo, GRACE);
    }, undo);
    return undo;
  }
  /** Keeps the last `max` values, for `undo` and `redo`. */
  enableHistory(max = 50) {
    this.#history ??= new History(max);
    this.#history.max = max;
    this.#record();
    return this;
  }
  /** Keeps no values until `resume`: the changes in between become one step of `undo`, as for a row that is dragged. */
  pause() {
    if (this.#history) this.#history.paused = true;
  }
  /** Ends `pause`. */
  resume() {
    if (this.#history) this.#history.paused = false;
    this.#record();
    touch(this);
  }
  #record() {
    const view = this.#value();
    if (view === void 0 || !this.watched || !this.#history || this.#history.paused) return;
    this.#history.record({ view, base: this.#merge.view(), changes: this.#changes });
  }
  get canUndo() {
    this.track();
    return !!this.#history && this.#history.at > 0;
  }
  get canRedo() {
    this.track();
    return !!this.#history && this.#history.at < this.#history.steps.length - 1;
  }
  /** Shows the value before the last change. What the server later sends for a row wins. */
  undo() {
    this.#step(-1);
  }
  /** Shows again the value that `undo` has replaced. */
  redo() {
    this.#step(1);
  }
  #step(by) {
    const h = this.#history;
    if (!h || !this.#there) return;
    h.paused = false;
    if (!this.#stepped) this.#record();
    const target = h.steps[h.at + by]?.view;
    if (target === void 0) return;
    h.at += by;
    const rest = this.#changes.filter((c) => !c.step);
    this.#put([...rest, ...steps(apply(this.#merge.view(), rest, this.#merge), target, this.#merge)]);
    this.#stepped = true;
  }
  /** @internal */
  get events() {
    return this.#merge.events;
  }
  #put(changes) {
    this.#changes = changes;
    this.#change();
  }
  #change() {
    this.#viewed = this.#stepped = false;
    touch(this);
  }
  #value() {
    if (!this.#there) return void 0;
    if (!this.#viewed) {
      const base = this.#merge.view();
      this.#view = this.#changes.length ? apply(base, this.#changes, this.#merge) : base;
      this.#viewed = true;
    }
    return this.#view;
  }
  /** Whether there is a value, sent to the present user. */
  get #there() {
    if (this.#has && this.#person !== person) {
      this.#drop();
      this.#viewed = false;
      this.#history?.clear();
    }
    return this.#has;
  }
  #take(value) {
    this.#merge.load(value);
    this.#has = true;
    this.#person = person;
    this.#error = void 0;
    this.#changes = settle2(this.#changes, void 0, this.#merge);
    this.#viewed = false;
  }
  #drop() {
    this.#has = this.#more = false;
    this.#changes = [];
    this.#pages = 1;
    this.#arrived(false);
  }
  /** Ends the loading of a page, once readers have been notified. */
  #arrived(grown) {
    if (this.#loading) this.#grown ??= grown;
    touch(this);
  }
  /** @internal */
  snapshot() {
    return this.#error && !this.#there ? this.#failure : this.#value();
  }
  /** @internal */
  begin() {
    this.#status = this.#there ? "stale" : "loading";
    this.#error = void 0;
    this.#got = 0;
    this.listed?.(true);
    follow(this);
  }
  /** @internal */
  end() {
    unfollow(this);
    this.#status = "idle";
    this.#history?.clear();
    this.#arrived(false);
    this.listed?.(false);
  }
  /** @internal */
  notify() {
    if (!this.#stepped) this.#record();
    this.#stepped = false;
    super.notify();
    if (this.#grown === void 0) return;
    this.#answer(typeof this.#grown === "boolean" ? this.#grown : Promise.reject(this.#grown));
    this.#grown = this.#loading = void 0;
  }
  /** @internal */
  loaded(value, further, refused) {
    this.#got ||= 1;
    if (refused) this.#got = Math.max(1, this.#got - 1);
    else if (further && this.#got < this.#pages && this.#there) {
      this.#got++;
      return more(this);
    }
    this.#pages = this.#got;
    const { decode, view } = this.#merge;
    const before2 = this.#there ? view()?.length : Infinity;
    this.#take(decode ? decode(value) : value);
    this.#more = further;
    this.#status = "live";
    this.#arrived(refused ?? (further || view()?.length > before2));
    this.#change();
  }
  /** @internal */
  confirmed() {
    this.#got = this.#pages;
    this.#status = "live";
    this.#error = void 0;
    this.#change();
  }
  /** @internal */
  event(kind, data, further = this.#more) {
    try {
      const touched = this.#merge.apply(kind, data);
      this.#changes = this.#changes.length ? settle2(this.#changes, touched ?? void 0, this.#merge) : this.#changes;
    } catch {
      return false;
    }
    this.#more = further;
    this.#change();
    return true;
  }
  /** @internal */
  outdated() {
    this.#got = 0;
    this.#status = this.#there ? "stale" : "loading";
    this.#arrived(false);
    this.#change();
  }
  /** @internal */
  gated() {
    this.#drop();
    this.#error = void 0;
    this.#status = "off";
    this.#change();
  }
  /** @internal */
  failed(error, passing) {
    if (!passing) this.#drop();
    this.#error = error;
    this.#failure = Object.assign(Array.isArray(this.#merge.view()) ? [] : {}, { error });
    this.#status = this.#there ? "stale" : "error";
    this.#change();
  }
};

// src/channel.ts
var LiveChannel = class extends LiveStream {
  /**
   * Publishes an event to all subscribers of the channel. `event` is one of its merge; the default is the one that puts a row. It rejects
   * with an `RpcError`.
   */
  publish(value, event = this.events[0]) {
    return this.#ask(event, value);
  }
  /** Removes one's own row. */
  clear() {
    const [put, remove] = this.events;
    return remove ? this.#ask(remove, null) : this.#ask(put, null);
  }
  #ask(event, value) {
    return attempt(() => {
      if (onServer()) throw rendering(this.path);
      return begin(this.path, this.args, this.argsText, { once: true }, void 0, "pub", tail(event, value));
    });
  }
};
var tail = (event, value) => `,"k":${JSON.stringify(event)},"v":${write(value, base64)}`;

// src/merge.ts
var unfit = (event) => {
  throw new Error(`the event ${event} does not fit`);
};
var keyOf = (fields) => fields.length === 1 ? (row) => row[fields[0]] : (row) => JSON.stringify(fields.map((f) => row[f]));
var set = (decode, isList) => () => {
  let held = isList ? [] : void 0;
  return {
    decode,
    load: (value) => void (held = value),
    apply: (event, data) => event === "set" ? void (held = decode ? decode(data) : data) : unfit(event),
    view: () => held,
    events: ["set"]
  };
};
var whole = (row) => row ? (rows) => (rows?.forEach((r, i) => rows[i] = row(r)), rows) : void 0;
var asIs = (value) => value;
var diff = ({ key, row = asIs, sort, limit } = {}) => () => {
  let rows = [];
  let shown = false;
  const decode = row === asIs ? void 0 : whole(row);
  return {
    decode,
    sort,
    trim: limit ? (rows2) => rows2.slice(0, limit) : void 0,
    events: ["diff"],
    key: key && keyOf(key),
    load(value) {
      rows = value;
      shown = true;
    },
    apply(event, data) {
      if (event === "set") return this.load(decode ? decode(data) : data);
      if (event !== "diff") return unfit(event);
      if (shown) rows = rows.slice();
      shown = false;
      return data.map(([op, at, arg]) => {
        const size2 = rows.length;
        if (!(at >= 0 && at < (op === "+" ? size2 + 1 : size2))) unfit(event);
        if (op === "+") rows.splice(at, 0, row(arg));
        else if (op === "-") return rows.splice(at, 1)[0];
        else if (op === "~") rows[at] = { ...rows[at], ...row(arg) };
        else if (op === ">" && arg >= 0 && arg < size2) rows.splice(arg, 0, rows.splice(at, 1)[0]);
        else unfit(event);
        return rows[op === ">" ? arg : at];
      });
    },
    view() {
      shown = true;
      return rows;
    }
  };
};
function keyed(key, row, prepend, apply2, events) {
  let rows = /* @__PURE__ */ new Map();
  let view;
  const decode = row === asIs ? void 0 : whole(row);
  const merge = {
    key,
    prepend,
    decode,
    events,
    load(value) {
      rows = /* @__PURE__ */ new Map();
      for (const r of prepend ? value.slice().reverse() : value) rows.set(key(r), r);
      view = value;
    },
    apply(event, data) {
      view = void 0;
      if (event === "set") return merge.load(decode ? decode(data) : data);
      const all = (Array.isArray(data) ? data : [data]).map(row);
      for (const r of all) apply2(rows, event, r);
      return all;
    },
    view() {
      if (!view) {
        view = [...rows.values()];
        if (prepend) view.reverse();
      }
      return view;
    }
  };
  return merge;
}
var crud = (key = ["id"], { row = asIs, prepend = false } = {}) => () => {
  const id = keyOf(key);
  return keyed(
    id,
    row,
    prepend,
    (rows, event, r) => {
      if (event === "created") rows.set(id(r), r);
      else if (event === "updated") rows.has(id(r)) && rows.set(id(r), r);
      else if (event === "deleted") rows.delete(id(r));
      else unfit(event);
    },
    ["created", "deleted"]
  );
};
var byKey = keyOf(["key"]);
var entries = (put, remove) => (row = asIs) => () => keyed(
  byKey,
  row,
  false,
  (rows, event, r) => {
    if (event === put) rows.set(r.key, r);
    else if (event === remove) rows.delete(r.key);
    else unfit(event);
  },
  [put, remove]
);
var presence = /* @__PURE__ */ entries("join", "leave");
var cursor = /* @__PURE__ */ entries("update", "remove");
var latest = (max = 50, { row = asIs, prepend = false } = {}) => () => {
  let held = [];
  let view;
  const decode = row === asIs ? void 0 : whole(row);
  const merge = {
    decode,
    prepend,
    trim: (rows) => prepend ? rows.slice(0, max) : rows.slice(-max),
    events: ["created"],
    load(value) {
      held = prepend ? value.slice().reverse() : value.slice();
      view = void 0;
    },
    apply(event, data) {
      if (event === "set") return merge.load(decode ? decode(data) : data);
      held.push(row(data));
      if (held.length > 2 * max) held = held.slice(-max);
      view = void 0;
      return [];
    },
    view() {
      if (!view) {
        view = held.slice(-max);
        if (prepend) view.reverse();
      }
      return view;
    }
  };
  return merge;
};

// src/signal.ts
var listeners = /* @__PURE__ */ new Map();
var part3 = {
  on: {
    sig(m) {
      const all = listeners.get(m.m);
      if (!all?.size) return;
      for (const listener of [...all]) safely(() => listener(...m.a));
    }
  }
};
function signal(path, decode) {
  return {
    on(listener) {
      if (onServer()) return () => {
      };
      use(part3);
      const call3 = (...args) => listener(...decode ? decode(args) : args);
      const all = listeners.get(path) ?? /* @__PURE__ */ new Set();
      listeners.set(path, all.add(call3));
      return () => void all.delete(call3);
    }
  };
}

// src/console.ts
function connect() {
  configure({ url: new URL("..", location.href).pathname });
  configure({ timeout: 4e4 });
  use({ on: {} });
}
var call2 = (path, args) => call(path, args, { write: true });
var callForSession = (path, args) => sessionRpc(path)(...args);
function post(path, args) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": uuid7() };
  return request(address("/_live/rpc/" + path), { method: "POST", headers, body: JSON.stringify(args) }, {});
}
var publish = (path, args, event, value) => new LiveChannel(path, args, set()).publish(value, event);
var MAX = 50;
function mergeOf(text = "") {
  const words = text.match(/[^\s(),]+/g) ?? [];
  const prepend = words.at(-1) === "prepend" && words.length > 1;
  if (prepend) words.pop();
  const [kind, ...rest] = words;
  switch (kind) {
    case void 0:
      return diff();
    case "set":
      return set();
    case "crud":
      return crud(rest[0] === "key" ? rest.slice(1) : ["id"], { prepend });
    case "latest":
      return latest(rest[0] === void 0 ? MAX : Number(rest[0]), { prepend });
    case "presence":
      return presence();
    case "cursor":
      return cursor();
  }
  throw new Error(`the merge ${kind} is not known`);
}
var Watch = class {
  /** Subscribes. `changed` is called after each change. */
  constructor(path, args, make, changed) {
    this.path = path;
    this.argsText = JSON.stringify(args);
    this.#merge = make();
    this.#changed = changed;
    follow(this);
  }
  path;
  argsText;
  state = "waiting";
  /** Undefined until there is data. */
  value;
  error;
  #merge;
  #changed;
  /** The number of its topic, and the offset of the last event. */
  get position() {
    const s = open2.get(this);
    return s?.topic === void 0 ? void 0 : { topic: s.topic, offset: s.offset };
  }
  stop() {
    unfollow(this);
  }
  loaded(value) {
    this.#merge.load(value);
    this.value = this.#merge.view();
    this.#enter("live", { kind: "snap", data: value });
  }
  confirmed() {
    this.#enter("live");
  }
  event(kind, data) {
    try {
      this.#merge.apply(kind, data);
    } catch {
      return false;
    }
    this.value = this.#merge.view();
    this.#enter("live", { kind, data });
    return true;
  }
  outdated() {
    if (this.state === "live") this.#enter("stale", { kind: "stale" });
  }
  gated() {
    this.value = void 0;
    this.#enter("off", { kind: "off" });
  }
  failed(error) {
    const refused = byId.has(open2.get(this)?.id ?? 0);
    const state = refused ? "refused" : this.value === void 0 ? "error" : "ended";
    if (refused) this.value = void 0;
    this.#enter(state, { kind: state, data: { code: error.code, message: error.message } }, error);
  }
  #enter(state, event, error) {
    this.state = state;
    this.error = error;
    this.#changed(event && { ...event, offset: event.data === void 0 ? void 0 : this.position?.offset });
  }
};
export {
  Watch,
  call2 as call,
  callForSession,
  connect,
  connection,
  mergeOf,
  post,
  publish,
  setHash,
  signal
};
