package registry

import (
	"fmt"
	"strings"
	"testing"
)

func TestSpread(t *testing.T) {
	const two = "reg A needs C; reg B needs C; ok A; ok B; ack A; ack B; reg C; "
	tests := []struct{ name, script, change, want string }{
		{"nobody has to hear of it", "reg A; ok A", "A at http://localhost:7065 is up", "0 of 0 waiting, took "},
		{"both are told", two + "ok C", "C at http://localhost:7067 is up", "2 of 2 waiting, took "},
		{"one has acknowledged", two + "ok C; +1ms; ack A", "C at http://localhost:7067 is up", "1 of 2 waiting, took "},
		{"both have", two + "ok C; +1ms; ack A; +2ms; ack B", "C at http://localhost:7067 is up", "0 of 2 waiting, took 3ms"},
		{"one by its word", two + "ok C; +1ms; ack A; fail B; +1s; ok B@99; ack B", "C at http://localhost:7067 is up", "0 of 2 waiting, took 1.001s"},
		{"nobody waits for who left", two + "ok C; +1ms; ack A; +2ms; leave B", "C at http://localhost:7067 is up", "0 of 2 waiting, took 3ms"},
		{"nor for who is down", two + "ok C; +1ms; ack A; refused B; +2ms; refused B", "C at http://localhost:7067 is up", "0 of 2 waiting, took 3ms"},
		{"who is down already does not count", two + "refused B; refused B; ok C; +4ms; ack A", "C at http://localhost:7067 is up", "0 of 1 waiting, took 4ms"},
		{"a later acknowledgement covers earlier changes", two + "ok C; +1ms; ack A; fail B; refused C; refused C; +1ms; ok B; ack B", "C at http://localhost:7067 is up", "0 of 2 waiting, took 2ms"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, c := range play(t, tt.script).tab.latestChanges() {
				if c.Text == tt.change {
					if got := fmt.Sprintf("%d of %d waiting, took %s", c.Waiting, c.Dependents, c.Took); got != tt.want {
						t.Errorf("%s\n got %s\nwant %s", tt.script, got, tt.want)
					}
					return
				}
			}
			t.Errorf("no change %q", tt.change)
		})
	}
}

// Who never acknowledges does not make the table grow.
func TestSpreadIsBounded(t *testing.T) {
	h := play(t, "reg A needs B; ok A; reg B; ok B")
	for range 10 * keptChanges {
		h.do("refused B")
		h.do("refused B")
		h.do("+2m")
		h.do("ok B")
	}
	if n := len(h.tab.services[key(testURL("A"))].owes); n > keptChanges {
		t.Errorf("%d changes are remembered for who never acknowledged", n)
	}
}

func TestAffected(t *testing.T) {
	tests := []struct{ name, script, affected, change string }{
		{"the last provider of a required one", "reg A needs C; reg B needs C; reg C; ok C; leave C", "A B", "C has no provider any more (it left): A and B are blocked"},
		{"one of two", "reg A needs C; reg C; ok C; reg C; leave C", "A", "C has no provider any more (it left): A is blocked"},
		{"an optional one", "reg A opt C; reg C; ok C; leave C", "", "C at http://localhost:7067 left"},
		{"that nobody needs", "reg C; ok C; leave C", "", "C at http://localhost:7067 left"},
		{"when it dies", "reg A needs C; reg C; ok C; refused C; refused C", "A", "C has no provider any more (connection refused): A is blocked"},
		{"when it is back", "reg A needs C; reg C; ok C; refused C; refused C; ok C", "", "C has a provider again: A is no longer blocked by that"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := play(t, tt.script)
			if got := strings.Join(h.fx.affected, " "); got != tt.affected {
				t.Errorf("affected %q, want %q", got, tt.affected)
			}
			if got := h.tab.latestChanges()[0].Text; got != tt.change {
				t.Errorf("changed %q, want %q", got, tt.change)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"nothing is wrong", "reg B; ok B; reg A needs B", ""},
		{"an optional one may come or not", "reg A opt B", ""},
		{"nobody ever offered it", "reg A needs B", "A requires B, which nobody has offered since this registry started at 10:42:00"},
		{"nobody does now, but somebody did", "reg C needs B; reg B; ok B; leave B; reg A needs B", ""},
		{"itself", "reg A; ok A; reg A needs A", "A requires itself in a circle: when one in it is down, the others are blocked: A → A"},
		{"each other", "reg A; ok A; reg B needs A; ok B; reg A needs B", "A requires itself in a circle: when one in it is down, the others are blocked: A → B → A"},
		{"by a long way", "reg A; ok A; reg C needs A; reg B needs C; ok B; reg A needs B", "A requires itself in a circle: when one in it is down, the others are blocked: A → B → C → A"},
		{"who only needs a circle is not in it", "reg A; ok A; reg B needs A; ok B; reg A needs B; reg D needs A", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := strings.Join(play(t, tt.script).fx.registered.Warnings, "; "); got != tt.want {
				t.Errorf("%s\n got %q\nwant %q", tt.script, got, tt.want)
			}
		})
	}
}

func TestSuspicion(t *testing.T) {
	tests := []struct {
		name, script string
		probes       int
	}{
		{"is checked at once", "reg A; ok A; suspect A", 1},
		{"one of many is", "reg A; ok A; suspect A; +50ms; suspect A", 0},
		{"a later one is again", "reg A; ok A; suspect A; +100ms; suspect A", 1},
		{"who is down is asked anyway", "reg A; ok A; refused A; refused A; suspect A", 0},
		{"nobody is there", "suspect A", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := play(t, tt.script)
			if len(h.fx.probes) != tt.probes {
				t.Errorf("%d probes, want %d", len(h.fx.probes), tt.probes)
			}
			for _, p := range h.fx.probes {
				if p.after != 0 {
					t.Errorf("the probe waits %v", p.after)
				}
			}
		})
	}
}

// What flaps once a second is soon told to nobody.
func TestFlappingIsTold(t *testing.T) {
	h := play(t, "reg A needs B; ack A; ok A; reg B; ok B; ack A")
	pushes := 0
	for range 120 {
		for _, command := range []string{"refused B", "refused B", "+500ms", "ok B", "+500ms"} {
			h.do(command)
			if len(h.fx.pushes) > 0 {
				pushes++
				h.do("ack A")
			}
		}
	}
	if pushes > 5 {
		t.Errorf("%d pushes in two minutes of flapping, want at most 5", pushes)
	}
	h.do("+2s")
	h.do("ok B")
	if got := h.String(); got != "A:up() B:flapping" {
		t.Errorf("before it has stayed for 3 s: %s", got)
	}
	h.do("+500ms")
	h.do("ok B")
	if got := h.String(); got != "A:up(B)>+B B:up" {
		t.Errorf("after it: %s", got)
	}
}
