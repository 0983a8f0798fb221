package limits

// ID names a limit.
type ID int

// The limits. Their descriptions are in table, in this order.
const (
	Memory ID = iota
	MaxQueueMemory
	MaxQueueMemoryPerCaller
	MaxTopicMemory
	MaxTopicMemoryPerCaller
	MaxWindowMemory
	MaxWindowMemoryPerCaller
	MaxRateMemory

	MaxConnections
	MaxConnectionsPerUser
	MaxConnectionsPerAddress
	MaxSubscriptions
	MaxSubscriptionsPerConnection
	MaxSubscriptionsPerUser
	MaxSubscriptionsPerAddress
	MaxMessages
	MaxMessagesPerConnection
	MaxMessagesPerUser
	MaxMessagesPerAddress
	MaxTraffic
	MaxTrafficPerConnection
	MaxTrafficPerUser
	MaxTrafficPerAddress

	MaxPayload
	MaxResult
	MaxRows
	MaxPending
	MaxHooks
	MaxUnsent
	MaxLog
	MaxEntries
	MaxFeed
	MaxIdle
	MaxWrites
	MaxWritesPerCaller
	Readers
	MaxReads
	MaxReadsPerCaller
	BusyProcessors
	Hashers
	MaxHashes
	MaxHashesPerCaller
	MaxStored
	MaxStoredPerCaller
	MaxResyncs
	MaxMalformed

	Linger
	Heartbeat
	HelloWait
	HeaderWait
	BodyWait
	WriteWait
	IdleWait
	CallTime
	MaxWriteTime
	MaxReadTime
	MaxReadWait
	SlowCall
	DrainTime
)

const (
	kb = 1 << 10
	mb = 1 << 20
)

var table = []Limit{
	Memory: {Name: "memory", Unit: Bytes, Min: 32 * mb,
		Computed: "`GOMEMLIMIT`, else 3/4 of what the container or the machine has",
		Bounds:   "the memory of the process, of which the limits below are parts",
		Outcome:  "the garbage collector works harder; what takes memory has a limit of its own"},
	MaxQueueMemory: {Name: "maxQueueMemory", Unit: Bytes, Share: 8, Min: mb,
		Bounds: "arguments and answers of calls, messages that wait for clients, and bodies and messages that clients have begun to send",
		Outcome: "what clients have begun to send and left for a second makes room, with `OVERLOADED` or close code 4002, the largest first; " +
			"calls of connections with much unsent data wait, and other requests get `OVERLOADED`; a quarter above it, also those of callers who " +
			"hold nothing"},
	MaxQueueMemoryPerCaller: {Name: "maxQueueMemoryPerCaller", Unit: Bytes, Scope: PerCaller, Share: 4, Of: MaxQueueMemory, Min: 1,
		Bounds:  "the same but arguments, for the address; less while the memory fills up",
		Outcome: "calls of connections with much unsent data wait; `OVERLOADED`"},
	MaxTopicMemory: {Name: "maxTopicMemory", Unit: Bytes, Share: 8, Min: mb,
		Bounds:  "logs and values of published streams, channels and rooms, and events that `throttle` or `debounce` holds back",
		Outcome: "the oldest without a subscriber are dropped; then `OVERLOADED`"},
	MaxTopicMemoryPerCaller: {Name: "maxTopicMemoryPerCaller", Unit: Bytes, Scope: PerCaller, Share: 4, Of: MaxTopicMemory, Min: 1,
		Bounds:  "topics that count for the caller, and what it has published; less while the memory fills up",
		Outcome: "the oldest without a subscriber are dropped; then `OVERLOADED`"},
	MaxWindowMemory: {Name: "maxWindowMemory", Unit: Bytes, Share: 4, Min: mb, Bounds: "rows of live queries, with the logs of their events",
		Outcome: "the oldest without a subscriber are dropped; then `OVERLOADED`"},
	MaxWindowMemoryPerCaller: {Name: "maxWindowMemoryPerCaller", Unit: Bytes, Scope: PerCaller, Share: 4, Of: MaxWindowMemory, Min: 1,
		Bounds: "live queries that count for the caller; less while the memory fills up, but always one",
		Outcome: "the oldest without a subscriber are dropped; then `OVERLOADED`, for open ones only if they grow while three quarters of " +
			"`maxWindowMemory` are in use"},
	MaxRateMemory: {Name: "maxRateMemory", Unit: Bytes, Share: 64, Min: 256 * kb, Bounds: "what rate limits have counted",
		Outcome: "the keys that were used longest ago are forgotten"},

	MaxConnections: {Name: "maxConnections", Unit: Count, Default: 10_000, Min: 1,
		Bounds:  "open connections; fewer if the system allows fewer open files",
		Outcome: "those without a request make room; then `OVERLOADED`: status 503 with `Retry-After`"},
	MaxConnectionsPerUser: {Name: "maxConnectionsPerUser", Unit: Count, Scope: PerUser, Default: 100, Min: 1,
		Bounds: "open connections", Outcome: "close code 4006"},
	MaxConnectionsPerAddress: {Name: "maxConnectionsPerAddress", Unit: Count, Scope: PerAddress, Min: 0,
		Computed: "1000, or a quarter of `maxConnections` if that is less",
		Bounds:   "open connections", Outcome: "`RATE_LIMITED`: status 429 with `Retry-After`"},
	MaxSubscriptions: {Name: "maxSubscriptions", Unit: Count, Default: 200_000, Min: 1, Bounds: "open subscriptions", Outcome: "`OVERLOADED`"},
	MaxSubscriptionsPerConnection: {Name: "maxSubscriptionsPerConnection", Unit: Count, Scope: PerConnection, Default: 1024, Min: 1,
		Bounds: "open subscriptions", Outcome: "`RATE_LIMITED`"},
	MaxSubscriptionsPerUser: {Name: "maxSubscriptionsPerUser", Unit: Count, Scope: PerUser, Default: 5000, Min: 1,
		Bounds: "open subscriptions", Outcome: "`RATE_LIMITED`"},
	MaxSubscriptionsPerAddress: {Name: "maxSubscriptionsPerAddress", Unit: Count, Scope: PerAddress, Default: 20_000, Min: 1,
		Bounds: "open subscriptions", Outcome: "`RATE_LIMITED`"},
	MaxMessages: {Name: "maxMessages", Unit: PerSecond, Default: 200_000, Min: 1, Bounds: "messages of clients, and requests",
		Outcome: "reading from clients pauses; requests get `OVERLOADED`"},
	MaxMessagesPerConnection: {Name: "maxMessagesPerConnection", Unit: PerSecond, Scope: PerConnection, Default: 2000, Min: 1,
		Bounds: "messages of clients", Outcome: "reading from the client pauses"},
	MaxMessagesPerUser: {Name: "maxMessagesPerUser", Unit: PerSecond, Scope: PerUser, Default: 5000, Min: 1,
		Bounds: "messages of clients, and requests", Outcome: "reading from the client pauses; requests get `RATE_LIMITED`"},
	MaxMessagesPerAddress: {Name: "maxMessagesPerAddress", Unit: PerSecond, Scope: PerAddress, Default: 10_000, Min: 1,
		Bounds: "messages of clients, and requests", Outcome: "reading from the client pauses; requests get `RATE_LIMITED`"},
	MaxTraffic: {Name: "maxTraffic", Unit: BytesPerSecond, Default: 256 * mb, Min: kb, Bounds: "bytes of frames and bodies of clients",
		Outcome: "reading from clients pauses; requests get `OVERLOADED`"},
	MaxTrafficPerConnection: {Name: "maxTrafficPerConnection", Unit: BytesPerSecond, Scope: PerConnection, Default: 4 * mb, Min: kb,
		Bounds: "bytes of frames of clients", Outcome: "reading from the client pauses"},
	MaxTrafficPerUser: {Name: "maxTrafficPerUser", Unit: BytesPerSecond, Scope: PerUser, Default: 16 * mb, Min: kb,
		Bounds: "bytes of frames and bodies of clients", Outcome: "reading from the client pauses; requests get `RATE_LIMITED`"},
	MaxTrafficPerAddress: {Name: "maxTrafficPerAddress", Unit: BytesPerSecond, Scope: PerAddress, Default: 64 * mb, Min: kb,
		Bounds: "bytes of frames and bodies of clients", Outcome: "reading from the client pauses; requests get `RATE_LIMITED`"},

	MaxPayload: {Name: "maxPayload", Unit: Bytes, Scope: PerCall, Default: 64 * kb, Min: kb,
		Bounds:  "a message of a client, or a body, without raw `bytes`",
		Outcome: "`PAYLOAD_TOO_LARGE`"},
	MaxResult: {Name: "maxResult", Unit: Bytes, Scope: PerCall, Default: 8 * mb, Min: kb,
		Bounds: "the answer to a call, or the value of a stream", Outcome: "`RESULT_TOO_LARGE`"},
	MaxRows: {Name: "maxRows", Unit: Count, Scope: PerQuery, Default: 20_000, Min: 1, Bounds: "rows that a query gives, or that a list shows",
		Outcome: "`RESULT_TOO_LARGE`"},
	MaxPending: {Name: "maxPending", Unit: Count, Scope: PerConnection, Default: 1024, Min: 1, Bounds: "calls that run or wait",
		Outcome: "reading from the client pauses"},
	MaxHooks: {Name: "maxHooks", Unit: Count, Scope: PerConnection, Default: 64, Min: 2,
		Bounds:  "runs of `on subscribe` and `on unsubscribe` that wait, besides those of the frame that is being read",
		Outcome: "reading from the client pauses"},
	MaxUnsent: {Name: "maxUnsent", Unit: Bytes, Scope: PerConnection, Default: mb, Min: kb, Bounds: "answers that wait to be sent",
		Outcome: "reading from the client pauses; close code 4001 for messages that the client has not asked for"},
	MaxLog: {Name: "maxLog", Unit: Bytes, Scope: PerTopic, Default: mb, Min: 1, Bounds: "events for clients that fall behind",
		Outcome: "a client that has fallen further behind gets the whole value again (`resync`)"},
	MaxEntries: {Name: "maxEntries", Unit: Count, Scope: PerTopic, Default: 1 << 16, Min: 1,
		Bounds: "entries of a published stream, a channel or a room", Outcome: "the oldest are removed, as an event"},
	MaxFeed: {Name: "maxFeed", Unit: Bytes, Scope: PerTopic, Default: 4 * mb, Min: kb,
		Bounds: "bytes of the entries of a published stream, a channel or a room", Outcome: "the oldest are removed, as an event"},
	MaxIdle: {Name: "maxIdle", Unit: Count, Default: 4096, Min: 0, Bounds: "topics without a subscriber that are kept for `linger`",
		Outcome: "the next one ends with its last subscriber"},
	MaxWrites: {Name: "maxWrites", Unit: Count, Default: 32_768, Min: 1, Bounds: "calls that wait to write", Outcome: "`OVERLOADED`"},
	MaxWritesPerCaller: {Name: "maxWritesPerCaller", Unit: Count, Scope: PerCaller, Default: 4096, Min: 1,
		Bounds: "calls that wait to write; while the queue fills up, an eighth of the free places", Outcome: "`OVERLOADED`"},
	Readers: {Name: "readers", Unit: Count, Default: 4, Min: 1,
		Bounds:  "calls that read at once; checks of rights have half as many of their own, and the server as many",
		Outcome: "reads wait; callers take turns"},
	MaxReads: {Name: "maxReads", Unit: Count, Default: 4096, Min: 1, Bounds: "reads of a kind that wait", Outcome: "`OVERLOADED`"},
	MaxReadsPerCaller: {Name: "maxReadsPerCaller", Unit: Count, Scope: PerCaller, Default: 256, Min: 1,
		Bounds: "reads that wait; while the queue fills up, an eighth of the free places", Outcome: "`OVERLOADED`"},
	BusyProcessors: {Name: "busyProcessors", Unit: Count, Computed: "all processors but one", Min: 1,
		Bounds:  "processors that compute at once what takes long: loops, long reads, hashes of passwords",
		Outcome: "what takes long waits, so that short calls find a processor; callers take turns"},
	Hashers: {Name: "hashers", Unit: Count, Computed: "half of the processors", Min: 1,
		Bounds: "passwords that are hashed at once, with 64 mb each", Outcome: "hashes wait; callers take turns"},
	MaxHashes: {Name: "maxHashes", Unit: Count, Default: 256, Min: 1, Bounds: "hashes of passwords that wait", Outcome: "`OVERLOADED`"},
	MaxHashesPerCaller: {Name: "maxHashesPerCaller", Unit: Count, Scope: PerCaller, Default: 16, Min: 1,
		Bounds: "hashes of passwords that wait", Outcome: "`OVERLOADED`"},
	MaxStored: {Name: "maxStored", Unit: Bytes, Default: 1 << 30, Min: mb, Bounds: "answers of calls with keys, in the database",
		Outcome: "answers older than 10 minutes are dropped, and not only those of a day"},
	MaxStoredPerCaller: {Name: "maxStoredPerCaller", Unit: Bytes, Scope: PerCaller, Default: 64 * mb, Min: kb,
		Bounds: "answers of calls with keys that are stored within 10 minutes", Outcome: "`OVERLOADED`"},
	MaxResyncs: {Name: "maxResyncs", Unit: Count, Scope: PerConnection, Default: 8, Min: 1, Bounds: "resyncs before the client has caught up",
		Outcome: "close code 4001"},
	MaxMalformed: {Name: "maxMalformed", Unit: Count, Scope: PerConnection, Default: 10, Min: 1,
		Bounds:  "malformed frames and messages in a row",
		Outcome: "close code 4501"},

	Linger: {Name: "linger", Unit: Duration, Scope: PerTopic, Default: 30_000,
		Bounds:  "how long data stays in memory after its last subscriber",
		Outcome: "the data is dropped"},
	Heartbeat: {Name: "heartbeat", Unit: Duration, Scope: PerConnection, Default: 20_000, Min: 1, Bounds: "between pings",
		Outcome: "close code 4003 if no answer has come within `writeWait`"},
	HelloWait: {Name: "helloWait", Unit: Duration, Scope: PerConnection, Default: 10_000, Min: 1, Bounds: "for the first message",
		Outcome: "close code 4502"},
	HeaderWait: {Name: "headerWait", Unit: Duration, Scope: PerConnection, Default: 10_000, Min: 1, Bounds: "for the headers of a request",
		Outcome: "the connection is closed"},
	BodyWait: {Name: "bodyWait", Unit: Duration, Scope: PerCall, Default: 30_000, Min: 1,
		Bounds:  "for each 64 kb of a body or a message that a client has begun to send; up to an eighth more if many end at once",
		Outcome: "`TIMEOUT`, and the connection is closed; close code 4005"},
	WriteWait: {Name: "writeWait", Unit: Duration, Scope: PerConnection, Default: 10_000, Min: 1,
		Bounds: "for the client to take 64 kb of what it is sent", Outcome: "the connection is closed"},
	IdleWait: {Name: "idleWait", Unit: Duration, Scope: PerConnection, Default: 120_000, Min: 1, Bounds: "for the next request over HTTP",
		Outcome: "the connection is closed"},
	CallTime: {Name: "callTime", Unit: Duration, Scope: PerCall, Default: 30_000, Min: 1,
		Bounds:  "a call, unless its `timeout` says otherwise",
		Outcome: "`TIMEOUT`"},
	MaxWriteTime: {Name: "maxWriteTime", Unit: Duration, Scope: PerCall, Default: 1000, Min: 1,
		Bounds: "a call in its write transaction, while other writes wait", Outcome: "`TIMEOUT`, and nothing is written"},
	MaxReadTime: {Name: "maxReadTime", Unit: Duration, Scope: PerCall, Default: 5000, Min: 1, Bounds: "a read transaction",
		Outcome: "`TIMEOUT`"},
	MaxReadWait: {Name: "maxReadWait", Unit: Duration, Scope: PerCall, Default: 5000, Min: 1, Bounds: "for a place to read",
		Outcome: "`OVERLOADED`"},
	SlowCall: {Name: "slowCall", Unit: Duration, Scope: PerCall, Default: 1000, Min: 1,
		Bounds:  "a call or the opening of a subscription, before it counts as slow",
		Outcome: "a line in the log with its entry point, at most one in 10 s for each; `live_slow_calls_total`"},
	DrainTime: {Name: "drainTime", Unit: Duration, Default: 10_000, Min: 1, Bounds: "for running calls to end when the server stops",
		Outcome: "they are cut off"},
}
