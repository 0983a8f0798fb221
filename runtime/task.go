package runtime

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/store"
)

// Bounds of how a call runs.
const (
	defaultTimeout = 30 * time.Second
	maxTries       = 4 // the first run and three more after conflicts
)

// task is one call of an rpc, from its checked arguments to its answer.
type task struct {
	server  *Server
	entry   *rpcEntry
	caller  *caller
	who     *identity // in the transaction of the run
	space   any       // the arguments, and then the result
	raw     []byte    // the arguments as they came
	seed    idSource
	started time.Time // zero if the call is not timed
	reply   []byte    // what stands before the result, then the result as well

	// Of a call over a connection: where the answer goes.
	conn *conn
	id   uint64
	next func() // told when it is answered; nil if nobody waits
	// Of any other call: told of the end.
	done func(err *Error)

	ctx     context.Context
	cancel  context.CancelFunc
	head    int // length of what stands before the result
	tries   int
	limited []string
	hashes  *hashes      // of its rehearsal; nil without one
	logger  *slog.Logger // during its rehearsal; nil is the server's
	call    Call         // of the last run
	seq     uint64
}

// prepare finds what a call needs to run: the rates by address are kept, and its arguments are in space, accepted by the decoder or by the schema.
func (s *Server) prepare(ctx context.Context, e *rpcEntry, c *caller, args []byte, space any) (err error) {
	defer store.Recover(&err)
	if err := s.rateByIP(ctx, e.name, e.rateByIP, c); err != nil {
		return err
	}
	if len(args) == 0 {
		args = []byte("[]")
	}
	if e.decode(args, space) {
		return nil
	}
	s.metrics.Slow.Inc()
	return s.validator.Arguments(e.name, args, func(args []byte) error { return e.parse(args, space) })
}

func (s *Server) arguments(entry string, args []byte, decode func([]byte) (any, bool), parse func([]byte) (any, error)) (_ any, err error) {
	defer store.Recover(&err)
	if len(args) == 0 {
		args = []byte("[]")
	}
	if a, ok := decode(args); ok {
		return a, nil
	}
	s.metrics.Slow.Inc()
	var a any
	err = s.validator.Arguments(entry, args, func(args []byte) (err error) {
		a, err = parse(args)
		return err
	})
	return a, err
}

// run runs the call. base ends when the caller is gone.
func (t *task) run(base context.Context) {
	t.head = len(t.reply)
	timeout := t.entry.timeout
	if timeout <= 0 {
		timeout = defaultTimeout
	}
	switch t.entry.mode {
	case Pure:
		t.ctx = base
		if t.entry.external {
			t.ctx, t.cancel = context.WithTimeout(base, timeout)
		}
		t.finish(0, t.enter(nil))
	case Read:
		t.ctx, t.cancel = context.WithTimeout(base, timeout)
		t.finish(0, t.server.store.Read(t.ctx, t.enter))
	case Write:
		// Whether the caller waits makes no difference to what it asked for.
		t.ctx, t.cancel = context.WithTimeout(t.server.ctx, timeout)
		if t.entry.session && !t.entry.external && t.rehearse() {
			return
		}
		t.submit()
	}
}

func (t *task) submit() {
	t.tries++
	t.server.active.begin()
	t.server.writing.Add(1)
	t.server.store.Submit(t.ctx, t.write, t.committed)
}

// write is body with the reply of an earlier run of the same call, if it left one.
func (t *task) write(tx store.Tx) (err error) {
	defer store.Recover(&err)
	r := &t.server.replies
	if err := t.identify(tx); err != nil {
		return err
	}
	if !t.seed.seeded || t.entry.session { // an answer that sets a cookie cannot be given again
		return t.body(tx)
	}
	now := t.server.now()
	old, seq, found, err := r.Find(tx, t.scope(), t.seed.seed.String(), t.entry.name, t.raw, now)
	if err != nil {
		return err
	}
	if found {
		t.reply, t.seq = append(t.reply[:t.head], old...), seq
		t.call.after, t.call.signals = nil, false
		return nil
	}
	if err := t.body(tx); err != nil {
		return err
	}
	return r.Keep(tx, t.scope(), t.seed.seed.String(), t.entry.name, t.raw, t.reply[t.head:], now)
}

// scope is whose keys a call's key is among.
func (t *task) scope() string {
	if t.who.key != "" {
		return "u" + t.who.key
	}
	return "a" // the keys are random, and the arguments must be the same
}

// enter is body as who the caller is in this transaction.
func (t *task) enter(tx store.Tx) error {
	if err := t.identify(tx); err != nil {
		return err
	}
	return t.body(tx)
}

// body runs the generated function in a transaction.
func (t *task) body(tx store.Tx) (err error) {
	defer store.Recover(&err)
	c := &t.call
	var now time.Time
	if !t.started.IsZero() {
		now = t.server.instant(t.started)
	}
	t.server.ready(c, t.ctx, t.entry.name, t.caller, t.who, tx, now)
	c.conn, c.timeout, c.hashes = t.conn, t.entry.timeout, t.hashes
	if t.logger != nil {
		c.logger = t.logger
	} else if t.hashes != nil {
		c.logger = t.server.log
	}
	c.ids, c.limited = t.seed, t.limited
	if t.entry.external && t.entry.mode == Write {
		return t.bounded(tx)
	}
	reply, err := t.entry.call(c, t.space, t.reply[:t.head])
	t.limited = slices.Clip(c.limited)
	if err == nil {
		t.reply = reply
	}
	return err
}

// committed is told by the store of the end of a transaction.
func (t *task) committed(commit store.Commit, err error) {
	s := t.server
	defer func() {
		s.writing.Add(-1)
		s.active.end()
	}()
	if fault.Retryable(err) && t.tries < maxTries && t.ctx.Err() == nil {
		t.server.metrics.Retries.Inc()
		t.server.spawn(t.submit)
		return
	}
	if t.seq == 0 {
		t.seq = commit.Seq
	}
	t.finish(t.seq, err)
}

// finish runs what is to be done after the commit and tells of the end: on the caller's goroutine for calls that write nothing, on the store's, where it must not block, for
// those that write.
func (t *task) finish(seq uint64, err error) {
	if err == nil {
		t.server.leave(&t.call, seq)
	}
	code := ""
	var failure *Error
	if err != nil {
		failure = t.server.faults.Report(t.ctx, t.entry.name, err)
		code = failure.Code
	}
	t.entry.metrics.Ended(code, t.started)
	if t.cancel != nil {
		t.cancel()
	}
	if t.conn == nil {
		t.done(failure)
		return
	}
	t.conn.answer(t, seq, failure)
	if !t.entry.external { // outside functions may have kept the call
		t.entry.give(t)
	}
}

// keepReply is the capacity up to which the buffers of replies are used again. What is sent is copied out of them.
const keepReply = 64 << 10

// take gives a task for a call over a connection.
func (e *rpcEntry) take() *task {
	if t, ok := e.tasks.Get().(*task); ok {
		return t
	}
	return &task{space: e.space(), reply: make([]byte, 0, 512)}
}

// give takes a task back. What it was about stays in it until it is taken again or collected: to clear it would cost more than to have it overwritten, which conn.newTask and Server.ready do.
func (e *rpcEntry) give(t *task) {
	if cap(t.reply) <= keepReply {
		e.tasks.Put(t)
	}
}

// ready makes c what generated code is given, at an instant of the server's clock; the zero time leaves it to the call to ask.
func (s *Server) ready(c *Call, ctx context.Context, path string, from *caller, who *identity, tx store.Tx, now time.Time) {
	if c.server != s { // a call that is used again mostly has them
		c.server, c.limits, c.logger = s, s.limits, s.log
	}
	c.ctx, c.path, c.caller, c.who, c.user, c.userKey, c.now, c.tx = ctx, path, from, who, who.user, who.key, now, tx
	c.conn, c.commit, c.signals, c.reached = nil, 0, false, 0
	c.ids, c.after, c.session, c.limited = idSource{}, nil, sessionChange{}, nil
	c.effort, c.timeout, c.standing, c.hashes = effort{}, 0, standing{}, nil
}

// newCall makes the call of a check that is no rpc.
func (s *Server) newCall(ctx context.Context, path string, from *caller, who *identity, tx store.Tx) *Call {
	c := new(Call)
	s.ready(c, ctx, path, from, who, tx, s.now())
	return c
}

// now is the instant of calls: UTC with millisecond precision.
func (s *Server) now() time.Time { return s.instant(time.Now()) }

// instant is now, where the clock of the machine has been asked already.
func (s *Server) instant(machine time.Time) time.Time {
	switch {
	case s.opt.Now != nil:
		machine = s.opt.Now()
	case s.clocked:
		machine = s.opt.Clock.Now()
	}
	return machine.UTC().Truncate(time.Millisecond)
}
