package runtime

import (
	"fmt"
	"testing"
)

// do makes a change by a call.
func (c *client) do(rpc, args string) {
	c.t.Helper()
	c.send(fmt.Sprintf(`{"t":"call","id":999,"m":%q,"a":%s}`, rpc, args))
	c.want(`{"t":"ok","id":999,"v":"*","s":"*"}`)
}

func TestSubscriptions(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	w, c := greet(t, front, ""), greet(t, front, "")
	w.do("chat/send", `["lobby","a"]`)

	c.send(`{"t":"sub","id":1,"m":"chat/lines","a":["lobby"]}`)
	snap := c.want(`{"t":"snap","id":1,"c":1,"e":"*","s":0,"v":["a"]}`)
	w.do("chat/send", `["lobby","a"]`)
	c.want(`{"t":"ev","c":1,"s":1,"k":"set","v":["a","a"]}`)

	// A second subscription to the same data shares the topic: each event comes once.
	c.send(`{"t":"sub","id":2,"m":"chat/lines","a":["lobby"]}`)
	c.want(`{"t":"snap","id":2,"c":1,"e":"*","s":1,"v":["a","a"]}`)
	w.do("chat/send", `["lobby","a"]`)
	c.want(`{"t":"ev","c":1,"s":2,"k":"set","v":["a","a","a"]}`)
	c.send(`{"t":"unsub","id":1}`)
	c.send(`{"t":"ping"}`)
	c.want(`{"t":"pong"}`)
	w.do("chat/send", `["lobby","a"]`)
	c.want(`{"t":"ev","c":1,"s":3,"k":"set","v":["a","a","a","a"]}`)
	c.send(`{"t":"sub","id":2,"m":"chat/lines","a":["other"]}`)
	c.want(`{"t":"err","id":0,"code":"MALFORMED","message":"A subscription with the id 2 is open"}`)
	c.send(`{"t":"unsub","id":2}`)
	c.send(`{"t":"ping"}`)
	c.want(`{"t":"pong"}`)
	w.do("chat/send", `["lobby","a"]`)
	c.send(`{"t":"ping"}`)
	c.want(`{"t":"pong"}`) // and no event

	// A returning client gets the events that it missed.
	epoch := snap["e"].(string)
	c.send(fmt.Sprintf(`{"t":"sub","id":3,"m":"chat/lines","a":["lobby"],"at":{"e":%q,"s":2}}`, epoch))
	c.want(`{"t":"live","id":3,"c":1,"e":"*","s":2}`)
	c.want(`{"t":"ev","c":1,"s":3,"k":"set","v":["a","a","a","a"]}`)
	c.want(`{"t":"ev","c":1,"s":4,"k":"set","v":["a","a","a","a","a"]}`)
	// A client with another epoch, or with an offset that does not exist yet, gets the data.
	for i, at := range []string{`{"e":"other","s":2}`, fmt.Sprintf(`{"e":%q,"s":99}`, epoch)} {
		c.send(fmt.Sprintf(`{"t":"sub","id":%d,"m":"chat/lines","a":["lobby"],"at":%s}`, 4+i, at))
		c.want(fmt.Sprintf(`{"t":"snap","id":%d,"c":1,"e":"*","s":4,"v":["a","a","a","a","a"]}`, 4+i))
	}
	c.send(`{"t":"more","id":3}`)
	c.want(`{"t":"snap","id":3,"c":1,"e":"*","s":4,"v":["a","a","a","a","a"]}`) // this stream has no pages
}

func TestChecksStayTrue(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	w, c := greet(t, front, ""), greet(t, front, "")

	// There is no person ann: the gate is closed.
	c.send(`{"t":"sub","id":1,"m":"chat/secret","a":["lobby"]}`)
	c.want(`{"t":"off","id":1}`)
	w.do("chat/promote", `["ann","admin"]`)
	c.want(`{"t":"snap","id":1,"c":"*","e":"*","s":0,"v":[]}`)
	w.do("chat/send", `["lobby","a"]`)
	c.want(`{"t":"ev","c":"*","s":1,"k":"set","v":["a"]}`)
	w.do("chat/promote", `["ann","guest"]`)
	c.want(`{"t":"off","id":1}`)
	w.do("chat/send", `["lobby","a"]`)
	w.do("chat/promote", `["ann","admin"]`)
	c.want(`{"t":"snap","id":1,"c":"*","e":"*","s":"*","v":["a","a"]}`)
	w.do("chat/promote", `["ann","member"]`)
	c.want(`{"t":"end","id":1,"code":"FORBIDDEN","message":"Admins only","wait":true}`)
	// It waits, and so does a subscription that is refused from the start. Their ids are in use meanwhile.
	c.send(`{"t":"sub","id":1,"m":"chat/secret","a":["lobby"]}`)
	c.want(`{"t":"err","id":0,"code":"MALFORMED","message":"A subscription with the id 1 is open"}`)
	c.send(`{"t":"unsub","id":1}`)
	c.send(`{"t":"sub","id":2,"m":"chat/secret","a":["lobby"]}`)
	c.want(`{"t":"err","id":2,"code":"FORBIDDEN","message":"Admins only","wait":true}`)
	c.send(`{"t":"more","id":2}`)
	c.want(`{"t":"end","id":2,"code":"FORBIDDEN","message":"Admins only","wait":true}`)
	w.do("chat/promote", `["ann","other"]`) // refused with the same message, so nothing is sent
	w.do("chat/promote", `["ann","admin"]`)
	c.want(`{"t":"snap","id":2,"c":"*","e":"*","s":"*","v":["a","a"]}`)
	w.do("chat/promote", `["ann","member"]`)
	c.want(`{"t":"end","id":2,"code":"FORBIDDEN","message":"Admins only","wait":true}`)
	w.do("chat/promote", `["ann","guest"]`)
	c.want(`{"t":"off","id":2}`)
	c.send(`{"t":"unsub","id":2}`)
	c.send(`{"t":"ping"}`)
	c.want(`{"t":"pong"}`) // it must be unsubscribed before the other client writes
	w.do("chat/promote", `["ann","admin"]`)
	c.send(`{"t":"ping"}`)
	c.want(`{"t":"pong"}`)
}

func TestIdentityFollowsItsRow(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	w := greet(t, front, "")
	w.do("chat/promote", `["ann","member"]`)
	c := greet(t, front, "ann")
	whoami := func() string {
		c.send(`{"t":"call","id":1,"m":"chat/whoami","a":[]}`)
		v, _ := c.next()["v"].(string)
		return v
	}
	if got := whoami(); got != "member" {
		t.Fatalf("ann is %q", got)
	}
	w.do("chat/promote", `["ann","admin"]`)
	waitFor(t, "the new role to be seen", func() bool { return whoami() == "admin" })
}

// TestReleases checks that nothing is kept for closed connections.
func TestReleases(t *testing.T) {
	s := startServer(t, nil)
	front := s.listen(t)
	w := greet(t, front, "")
	w.do("chat/promote", `["ann","admin"]`)
	for i := range 5 {
		c := greet(t, front, "ann")
		c.send(`{"t":"sub","id":1,"m":"chat/lines","a":["lobby"]}`)
		c.send(`{"t":"sub","id":2,"m":"chat/secret","a":["lobby"]}`)
		c.next()
		c.next()
		if i%2 == 0 {
			c.send(`{"t":"unsub","id":1}`)
		}
		c.conn.Close()
	}
	e := s.engine.(*requery)
	waitFor(t, "windows and watches to be given back", func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return e.opened == 0 && len(e.watches) == 0
	})
	for _, window := range e.windows {
		waitFor(t, "followers to leave", func() bool { return window.topic.Followers() == 0 })
	}
}
