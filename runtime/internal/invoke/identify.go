package invoke

import (
	"context"

	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/watch"
	"github.com/livec-lang/livec/runtime/store"
)

// upgradeSpec is the spec of upgrade.
var upgradeSpec = Spec{Path: "upgrade", Mode: Read}

// Upgrades reports whether the app identifies its callers.
func (r *Runner) Upgrades() bool { return r.cfg.Upgrade != nil }

// Identify asks the app who a caller is, in a running transaction. The credentials that the answer relies on are also returned with an
// error.
func (r *Runner) Identify(ctx context.Context, from *identity.Caller, tx store.Tx) (*identity.Identity, error) {
	who := &identity.Identity{}
	if r.cfg.Upgrade == nil {
		return who, nil
	}
	err := r.Within(ctx, tx, Request{Spec: upgradeSpec, From: from, As: As(identity.System), Do: func(in *Invocation) (err error) {
		defer func() { who.Credentials = in.Credentials }()
		who.User, who.Key, err = r.cfg.Upgrade(in)
		who.Turn = identity.TurnOfUser(who.Key)
		return err
	}})
	return who, err
}

// checking is the context of asking who a caller is. must: this is not refused since much waits.
func (r *Runner) checking(ctx context.Context, from *identity.Caller, must bool) context.Context {
	return store.WithTurn(ctx, store.Turn{Caller: from.Turn, Name: upgradeSpec.Path, Kind: store.Check, Must: must, Lanes: r.lanes})
}

// IdentifyNow asks the app who a caller is, in a transaction of its own. must: see IdentifyWatched.
func (r *Runner) IdentifyNow(ctx context.Context, from *identity.Caller, must bool) (who *identity.Identity, err error) {
	if r.cfg.Upgrade == nil {
		return &identity.Identity{}, nil
	}
	ctx, cancel := context.WithTimeout(r.checking(ctx, from, must), r.CallTime())
	defer cancel()
	err = r.outside(ctx, func(ctx context.Context) error {
		return r.cfg.Store.Read(ctx, func(tx store.Tx) error {
			who, err = r.Identify(ctx, from, tx)
			return err
		})
	})
	return who, err
}

// IdentifyWatched asks the app who a caller is, and calls again when that may have changed, as Watch does. It sets Seq and Reads of the
// identity. must: the question must not be refused since much waits; see store.Turn.
func (r *Runner) IdentifyWatched(
	ctx context.Context, from *identity.Caller, must bool, again func(*identity.Identity),
) (who *identity.Identity, cancel func(), err error) {
	who = &identity.Identity{}
	if r.cfg.Upgrade == nil {
		return who, nil, nil
	}
	ctx, done := context.WithTimeout(r.checking(ctx, from, must), r.CallTime())
	defer done()
	var read watch.ReadSet
	identify := func(ctx context.Context, tx store.Tx) error {
		found, err := r.Identify(ctx, from, tx)
		who.User, who.Key, who.Turn, who.Credentials, who.Seq = found.User, found.Key, found.Turn, found.Credentials, tx.Seq()
		return err
	}
	err = r.outside(ctx, func(ctx context.Context) (err error) {
		cancel, read, err = r.cfg.Watcher.Run(ctx, func(tx store.Tx) error { return identify(ctx, tx) }, func() { again(who) })
		return err
	})
	who.Reads = read
	return who, cancel, err
}
