package conn

import (
	"context"
	"errors"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
	"github.com/livec-lang/livec/runtime/wire"
)

// finding is the result of the checks of a subscription. At most one of open and refusal is set; neither if a gate is closed.
type finding struct {
	who     *identity.Identity
	seq     uint64 // the last commit that the checks have seen
	others  bool   // the checks have read other rows than the last time
	reads   []store.Dependency
	open    bool
	view    catalog.View
	refusal *fault.Error // of a guard or an access rule
}

// check runs the guards, access rules and gate of a stream. It watches what they have read, also if they refuse, and stops watching what an
// earlier run has read. again: the server checks a subscription that is open, which must not be refused since much waits.
func (c *Conn) check(sub *subscription, again bool) (found finding, err error) {
	cancel, read, err := c.conns.cfg.Runner.Watch(c.ctx, invoke.Request{
		Spec: sub.stream.Spec(), From: &c.caller, Kind: store.Check, Must: again,
		As: func(ctx context.Context, tx store.Tx) (who *identity.Identity, err error) {
			found = finding{}
			found.who, err = c.identityAt(ctx, tx)
			return found.who, err
		},
		Do: func(in *invoke.Invocation) error {
			found.seq = found.who.Seq
			if in.Tx != nil {
				found.seq = in.Tx.Seq()
			}
			view, err := sub.stream.Open(in, sub.args)
			sub.Credentials = in.Credentials
			refusal, refused := fault.Refusal(err)
			switch {
			case err == nil:
				found.view, found.open = view, true
			case errors.Is(err, catalog.ErrGate):
			case refused:
				found.refusal = refusal
			default:
				return err
			}
			return nil
		},
	}, func() { c.suspect(sub) })
	if sub.stream.Mode == invoke.Pure {
		return found, err
	}
	if sub.cancel != nil {
		sub.cancel()
	}
	sub.cancel = cancel
	found.others, found.reads, sub.read = read.Digest != sub.read, read.Deps, read.Digest
	return found, err
}

// suspect puts the events of a subscription on hold, since a row that its checks have read has changed, and schedules the checks.
func (c *Conn) suspect(sub *subscription) {
	if !sub.outbound.Hold() {
		return // the checks are scheduled already
	}
	c.jobs.add(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.recheck(sub)
	})
}

// mayChange reports whether the result of the checks of a subscription can change: they, or upgrade, have read rows.
func (c *Conn) mayChange(sub *subscription) bool {
	return sub.cancel != nil || c.who.Load().Reads.Any()
}

// recheck runs the checks of a subscription again, since rows that they have read have changed. The subscription goes on, shows other data,
// sends nothing, waits, or ends.
func (c *Conn) recheck(sub *subscription) {
	if sub.ended || c.gone.Load() {
		return
	}
	holds := sub.outbound.Check()
	found, err := c.check(sub, true)
	c.watchTime()
	switch {
	case err != nil:
		c.end(sub, c.report(sub.id, sub.stream.Name, err))
	case found.refusal != nil && !c.mayChange(sub):
		c.end(sub, found.refusal)
	case found.refusal != nil:
		if old := sub.refusal; old != nil && old.Code == found.refusal.Code && old.Message == found.refusal.Message {
			return // the client has been sent it
		}
		sub.refusal = found.refusal
		c.detach(sub, wire.AppendEnd(nil, sub.id, waiting(found.refusal)))
	case !found.open:
		if sub.source != nil || sub.refusal != nil {
			sub.refusal = nil
			c.detach(sub, wire.AppendOff(nil, sub.id))
		}
	case sub.source == nil || !found.view.Same(&sub.view):
		c.reopen(sub, &found)
	default:
		c.goOn(sub, &found, holds)
	}
}

// waiting is the failure of a subscription that opens again when the rows that its checks have read change.
func waiting(why *fault.Error) *wire.Failure {
	f := fault.Wire(why)
	f.Wait = true
	return f
}

// reopen shows the data that the checks of a subscription have found, instead of the present data.
func (c *Conn) reopen(sub *subscription, found *finding) {
	src, err := c.openSource(sub, found)
	if err != nil {
		c.end(sub, c.report(sub.id, sub.stream.Name, err))
		return
	}
	c.drop(sub) // the queue keeps its offset in the old topic, on hold, until the new data is sent
	sub.source, sub.view, sub.since, sub.refusal = src, found.view, found.seq, nil
	c.show(sub, wire.At{}, nil)
}

// goOn lets a subscription continue. holds is how many times it was put on hold. If that is more than once, or if the checks have read rows
// that were not watched before, the caller may have had no right for a while. Then it sends the data instead of the events of that time.
func (c *Conn) goOn(sub *subscription, found *finding, holds int) {
	sub.since = found.seq
	if a := sub.attended; a != nil {
		sub.view.Info = found.view.Info
		c.conns.cfg.Rooms.Update(a.room, c.stamp(), found.view.Info)
	}
	c.reshown(sub)
	if holds > 1 || found.others || sub.owed {
		c.snap(sub)
		return
	}
	sub.outbound.Release()
	c.shown(sub)
}
