package wire

// Close codes. A client reconnects, with backoff, after 4000 to 4499, but not after 4500 to 4999.
const (
	CloseTooBig    = 1009 // RFC 6455 §7.4.1
	CloseStopping  = 4000
	CloseBehind    = 4001
	CloseOverload  = 4002
	CloseHeartbeat = 4003
	CloseSession   = 4004
	CloseSlow      = 4005
	CloseTooMany   = 4006
	CloseVersion   = 4500
	CloseMalformed = 4501
	CloseHello     = 4502
	CloseRefused   = 4503
	CloseContract  = 4510
)
