package app

import (
	"testing"
	"time"
)

func TestVisits(t *testing.T) {
	env := start(t)
	ann := env.Connect(&User{ID: "1", Name: "Ann", Role: UserRoleMember})
	visits := env.Connect(nil).Subscribe("visit/visits")
	tickets := ann.Subscribe("visit/tickets")
	if v := visits.Value().String(); v != `["in"]` {
		t.Errorf("visits are %s", v)
	}
	tickets.Unsubscribe()
	if v := visits.Value().String(); v != `["in","out"]` {
		t.Errorf("visits are %s", v)
	}
}

func TestFollowing(t *testing.T) {
	env := start(t)
	c := env.Connect(nil)
	live, derived, at := c.Subscribe("visit/afterLive"), c.Subscribe("visit/afterDerived"), c.Subscribe("visit/at")
	before := at.Value().String()
	env.Advance(time.Second)
	c.MustCall("visit/add", "a")
	env.Advance(time.Second)
	if v := live.Value().String(); v != "101" {
		t.Errorf("what follows a live stream shows %s", v)
	}
	if v := derived.Value().String(); v != "201" {
		t.Errorf("what follows a derived stream shows %s", v)
	}
	if v := at.Value().String(); v == before {
		t.Errorf("what reads no table but follows one still shows %s", v)
	}
}

func TestGuardsTwice(t *testing.T) {
	env := start(t)
	c := env.Connect(nil)
	run(t, c, []step{{"visit/seatOf", `[]`, `24`}})
	if v := c.Subscribe("visit/seated").Value().String(); v != "34" {
		t.Errorf("the stream shows %s", v)
	}
}

// TestPoliciesAskAsTheSystem has policies ask their own table, in SQL and in Go.
func TestPoliciesAskAsTheSystem(t *testing.T) {
	env := start(t)
	ann := env.Connect(&User{ID: "1", Name: "Ann", Role: UserRoleMember})
	bob := env.Connect(&User{ID: "2", Name: "Bob", Role: UserRoleMember})
	seats := bob.Subscribe("visit/seats")
	run(t, ann, []step{{"visit/sit", `["a","1"]`, `null`}, {"visit/sit", `["a","3"]`, `null`}, {"visit/mine", `["a"]`, `true`}})
	run(t, bob, []step{{"visit/sit", `["a","2"]`, `FORBIDDEN`}, {"visit/mine", `["a"]`, `false`}})
	if v := seats.Value().String(); v != `[]` {
		t.Errorf("who has no seat sees %s", v)
	}
	run(t, ann, []step{{"visit/sit", `["a","2"]`, `null`}})
	if v := seats.Value().String(); v != `["1","3","2"]` {
		t.Errorf("who has a seat sees %s", v)
	}
}
