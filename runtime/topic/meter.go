package topic

// Account counts the memory of topics, in bytes. It may be called under the lock of a topic, so it must not call one.
type Account interface{ Add(bytes int64) }

// fixedSize is what a topic takes without events, in bytes.
const fixedSize = 512

// Charge has an account count the memory of the topic until it is closed. It is called once, before anything else.
func (t *Topic) Charge(a Account) {
	m := &t.log.meter
	if t.latest != nil {
		m = &t.latest.meter
	}
	m.account = a
	m.change(fixedSize)
}

// meter counts the memory of a topic. The lock of its events guards it.
type meter struct {
	account Account // nil for none
	size    int
	closed  bool
}

// change counts bytes more.
func (m *meter) change(bytes int) {
	if m.account == nil || m.closed || bytes == 0 {
		return
	}
	m.size += bytes
	m.account.Add(int64(bytes))
}

// close gives back what is counted.
func (m *meter) close() {
	m.change(-m.size)
	m.closed = true
}
