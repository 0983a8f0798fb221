package conn

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/livec-lang/livec/runtime/internal/catalog"
	"github.com/livec-lang/livec/runtime/internal/fault"
	"github.com/livec-lang/livec/runtime/internal/identity"
	"github.com/livec-lang/livec/runtime/internal/invoke"
	"github.com/livec-lang/livec/runtime/store"
)

// maxRereads bounds how many times the value of a stream is read, if its checks may have become invalid while it was read.
const maxRereads = 16

// Read gives the current value of a stream as JSON to a caller without a connection; nil if its gate is closed.
func (s *Conns) Read(ctx context.Context, e *catalog.Stream, from *identity.Caller, args []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Runner.CallTime())
	defer cancel()
	if err := s.cfg.Admission.CountIP(ctx, e.Name, e.RateByIP, from); err != nil {
		return nil, err
	}
	decoded, err := s.cfg.Admission.Arguments(e, args)
	if err != nil {
		return nil, err
	}
	for range maxRereads {
		value, valid, err := s.readOnce(ctx, e, from, decoded)
		if err != nil || valid {
			return value, err
		}
	}
	return nil, &fault.Error{Code: fault.CodeUnavailable, Message: "The access rights to this changed too often; try again"}
}

// readOnce runs the checks and reads the value. valid is false if a row that the checks have read was changed by a commit that the value
// may include.
func (s *Conns) readOnce(
	ctx context.Context, e *catalog.Stream, from *identity.Caller, args any,
) (value []byte, valid bool, err error) {
	var closed bool
	var seq uint64
	var changed atomic.Bool
	o := opening{ctx: ctx, stream: e, from: from, args: args}
	request := invoke.Request{
		Spec: invoke.Spec{Path: e.Name, Mode: invoke.Read}, From: from, Kind: store.Check,
		As: func(ctx context.Context, tx store.Tx) (_ *identity.Identity, err error) {
			seq = tx.Seq()
			if o.who, err = s.cfg.Runner.Identify(ctx, from, tx); err != nil {
				return nil, err
			}
			if failure := s.cfg.Traffic.RequestOf(o.who.Key, 0); failure != nil {
				return nil, failure
			}
			return o.who, nil
		},
		Do: func(in *invoke.Invocation) (err error) {
			o.view, err = e.Open(in, args)
			if closed = errors.Is(err, catalog.ErrGate); closed {
				return nil
			}
			return err
		},
	}
	cancel, _, err := s.cfg.Runner.Watch(ctx, request, func() { changed.Store(true) })
	if err != nil {
		return nil, false, err
	}
	if cancel != nil {
		defer cancel()
	}
	if closed {
		return nil, true, nil
	}
	src, err := s.source(&o)
	if err != nil {
		return nil, false, err
	}
	defer src.Release()
	if value, _, _, _, err = src.Attach(nil, seq); err == nil {
		err = s.cfg.Runner.Fits(from.Turn, len(value))
	}
	return value, !changed.Load(), err
}
