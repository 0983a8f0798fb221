package stdlib

import (
	"strings"
	"testing"
)

func TestModule(t *testing.T) {
	f, ok := Module("std/access")
	if !ok || f.Module != "std/access" || f.Path != "std/access.live" || !strings.Contains(f.Text, "guard signedIn") {
		t.Errorf("std/access is %+v, %v", f, ok)
	}
	for _, name := range []string{"access", "std/nothing", "std/", "std/access.live", ""} {
		if f, ok := Module(name); ok {
			t.Errorf("%q is %+v", name, f)
		}
	}
	if again, _ := Module("std/access"); again == f {
		t.Error("two callers share a file")
	}
}

func TestModules(t *testing.T) {
	names := Modules()
	if len(names) == 0 {
		t.Fatal("there are no modules")
	}
	for _, name := range names {
		if _, ok := Module(name); !ok {
			t.Errorf("%s cannot be had", name)
		}
	}
}
