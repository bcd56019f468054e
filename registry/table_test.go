package registry

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// history plays a script to a table. Services are single letters, and each
// command is a step: "reg A needs B,C opt D", "reg A#2" (another instance),
// "ok A", "ok A#2", "ok A@3" (holds revision 3), "refused A", "silent A" and so
// on, "ack A", "fail A" (the push under way), "leave A", "+2s".
type history struct {
	t   *testing.T
	tab *table
	now time.Time
	fx  effects // of the last command
}

const testInterval, testTimeout = time.Second, time.Second

func play(t *testing.T, script string) *history {
	t.Helper()
	start := time.Date(2026, 11, 20, 10, 42, 0, 0, time.UTC)
	h := &history{t: t, now: start, tab: newTable("epoch", testInterval, testTimeout, start)}
	if !strings.HasPrefix(script, "settling") {
		script = "+3s; " + script
	}
	for command := range strings.SplitSeq(strings.TrimPrefix(script, "settling; "), "; ") {
		h.do(command)
		h.check(command)
	}
	return h
}

var commands = regexp.MustCompile(`^(\w+|\+[0-9a-z]+)(?: ([A-Z])(?:#(\d))?(?:@(\d+))?)?(?: needs ([A-Z,]+))?(?: opt ([A-Z,]+))?$`)

func (h *history) do(command string) {
	h.t.Helper()
	m := commands.FindStringSubmatch(command)
	if m == nil {
		h.t.Fatalf("script: %q", command)
	}
	verb, name, instance := m[1], m[2], m[3]
	s := h.tab.services[key(testURL(name))]
	switch {
	case verb[0] == '+':
		d, err := time.ParseDuration(verb[1:])
		if err != nil {
			h.t.Fatal(err)
		}
		h.now = h.now.Add(d)
		h.fx = h.tab.step(nil, h.now)
	case verb == "reg":
		h.fx = h.tab.step(registering{registrationOf(name, instance, m[5], m[6])}, h.now)
	case verb == "leave":
		h.fx = h.tab.step(leaving{url: testURL(name), instance: instance}, h.now)
	case verb == "suspect":
		h.fx = h.tab.step(suspected{testURL(name)}, h.now)
	case verb == "ack", verb == "fail":
		h.fx = h.tab.step(pushed{push: s.sending, ok: verb == "ack"}, h.now)
	default:
		verb = strings.Replace(verb, "ok", string(answered), 1)
		e := probed{key: key(testURL(name)), outcome: outcome(verb), beat: Beat{Instance: instance}}
		if s != nil {
			e.generation = s.generation
		}
		if verb == "going" {
			e.outcome, e.beat.Status = answered, "leaving"
		}
		if m[4] != "" {
			e.beat.Epoch = h.tab.epoch
			fmt.Sscan(m[4], &e.beat.Revision)
		}
		h.fx = h.tab.step(e, h.now)
	}
}

// check holds after every step of every history.
func (h *history) check(command string) {
	h.t.Helper()
	if err := h.tab.audit(); err != nil {
		h.t.Fatalf("after %q: %v", command, err)
	}
	for _, s := range h.tab.services {
		if s.sending == nil && s.acked < s.revision && s.beat.Equal(h.now) && s.health == up && s.misses == 0 && !strings.HasPrefix(command, "fail") {
			h.t.Fatalf("after %q: %s is not told", command, s)
		}
	}
}

func testURL(name string) string {
	if name == "" {
		return ""
	}
	return fmt.Sprintf("http://localhost:%d", 7000+int(name[0]))
}

func registrationOf(name, instance, needs, optional string) Registration {
	list := func(s string) []string {
		return strings.FieldsFunc(s, func(c rune) bool { return c == ',' })
	}
	u := testURL(name)
	return Registration{
		ServiceName: name, ServiceURL: u, ServiceUpdateURL: u + "/update", HeartbeatURL: u + "/heartbeat",
		RequiredServices: list(needs), OptionalServices: list(optional), Instance: instance,
	}
}

// String is the whole table: "A:up(B)>+B-C" is a service that should know B
// and is being told that B came and C went.
func (h *history) String() string {
	var parts []string
	for _, s := range h.tab.sorted() {
		text := s.ServiceName + ":" + string(s.health)
		if len(s.needed) > 0 {
			text += "(" + names(s.view) + ")"
			if s.sending != nil {
				text += ">"
				if len(s.sending.Added) > 0 {
					text += "+" + names(s.sending.Added)
				}
				if len(s.sending.Removed) > 0 {
					text += "-" + names(s.sending.Removed)
				}
			}
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

func names(list []Provider) string {
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.Name)
	}
	return b.String()
}

func TestStep(t *testing.T) {
	tests := []struct{ name, script, want string }{
		{"a new service is unverified and nobody is given it", "reg A needs B; reg B", "A:unverified()> B:unverified"},
		{"it is given once it answers", "reg A needs B; ack A; reg B; ok B", "A:unverified(B)>+B B:up"},
		{"a new registrant is told even when there is nothing", "reg A needs B", "A:unverified()>"},
		{"and so is one that comes back", "reg A needs B; ack A; reg A needs B", "A:unverified()>"},
		{"the same service twice is one entry", "reg A; ok A; reg A; ok A", "A:up"},
		{"the same process that registers again has its answer", "reg A#1 needs B; ack A; reg B; ok B; ack A; reg A#1 needs B", "A:unverified(B) B:up"},
		{"and is told when it holds less", "reg A#1 needs B; ack A; reg B; ok B; ack A; reg A#1 needs B; ok A#1@0", "A:up(B)> B:up"},
		{"or needs something else now", "reg A#1 needs B; ack A; reg B; ok B; ack A; reg A#1 needs C", "A:unverified()>-B B:up"},
		{"and stays as healthy as it was", "reg A#1; ok A#1; silent A; reg A#1; silent A; reg A#1", "A:down"},
		{"a new process of a service that is up stays in", "reg A needs B; reg B#1; ok B#1; ack A; ack A; reg B#2", "A:unverified(B) B:up"},
		{"a new process starts from an empty view", "reg A needs B; reg B; ok B; ack A; ack A; reg A needs B", "A:unverified(B)>+B B:up"},
		{"a process that was down is not in until it answers", "reg A; ok A; refused A; refused A; reg A", "A:unverified"},

		{"one refused connection is not proof", "reg A; ok A; refused A", "A:up"},
		{"two are", "reg A; ok A; refused A; refused A", "A:down"},
		{"an answer between them forgives", "reg A; ok A; refused A; ok A; refused A", "A:up"},
		{"a broken connection is confirmed too", "reg A; ok A; broken A; refused A", "A:down"},
		{"one silence is not proof", "reg A; ok A; silent A", "A:up"},
		{"two are", "reg A; ok A; silent A; silent A", "A:down"},
		{"wrong answers count like misses", "reg A; ok A; wrong A; wrong A", "A:down"},
		{"an answer forgives a miss", "reg A; ok A; silent A; ok A; silent A", "A:up"},
		{"back in after one success", "reg A; ok A; silent A; silent A; ok A", "A:up"},
		{"another instance at the address", "reg A#1; ok A#1; ok A#2", "A:down"},
		{"who does not say its instance is believed", "reg A#1; ok A#1; ok A", "A:up"},
		{"who is down is kept", "reg A; ok A; refused A; refused A; +9m; refused A", "A:down"},
		{"and forgotten after ten minutes", "reg A; ok A; refused A; refused A; +10m; refused A", ""},
		{"a probe of who left means nothing", "reg A; leave A; ok A", ""},

		{"the dependent is told of a loss", "reg A needs B; ack A; reg B; ok B; ack A; refused B; refused B", "A:unverified()>-B B:down"},
		{"and of a leave", "reg A needs B; ack A; reg B; ok B; ack A; leave B", "A:unverified()>-B"},
		{"optional names are given too", "reg A opt B; ack A; reg B; ok B", "A:unverified(B)>+B B:up"},
		{"what is not needed is not given", "reg A needs B; ack A; reg C; ok C", "A:unverified() C:up"},
		{"changes during a push wait", "reg A needs B,C; reg B; ok B; reg C; ok C", "A:unverified(BC)> B:up C:up"},
		{"and go out as one", "reg A needs B,C; reg B; ok B; reg C; ok C; ack A", "A:unverified(BC)>+BC B:up C:up"},
		{"a view that went and came is no difference", "reg A needs B; ack A; reg B; ok B; ack A; refused B; refused B; ok B; ack A", "A:unverified(B)>+B B:up"},
		{"a failed push is tried again at the next heartbeat", "reg A needs B; fail A; ok A", "A:up()>"},
		{"and not before", "reg A needs B; fail A", "A:unverified()"},
		{"the delta is to what was acknowledged", "reg A needs B,C; ack A; reg B; ok B; reg C; ok C; fail A; ok A", "A:up(BC)>+BC B:up C:up"},
		{"who missed the answer may hold what was added", "reg A needs B; ack A; ok A; reg B; ok B; fail A; +1s; refused B; refused B; ok A", "A:up()>-B B:down"},
		{"twice, when it was added twice", "reg A needs B; ack A; ok A; reg B; ok B; fail A; ok A; ack A; refused B; refused B", "A:up()>-BB B:down"},
		{"and may not hold what was removed", "reg A needs B; ack A; ok A; reg B; ok B; ack A; refused B; refused B; fail A; ok B; ok A", "A:up(B)>+B B:up"},
		{"who takes whole views is told the difference", "reg A#1 needs B; ack A; ok A#1; reg B; ok B; fail A; +1s; refused B; refused B; ok A#1", "A:up()> B:down"},
		{"who is down is not told", "reg A needs B; ack A; ok A; refused A; refused A; reg B; ok B", "A:down(B) B:up"},
		{"but when it is back", "reg A needs B; ack A; ok A; refused A; refused A; reg B; ok B; ok A", "A:up(B)>+B B:up"},
		{"who holds an older revision is told again", "reg A needs B; ack A; reg B; ok B; ack A; ok A@1", "A:up(B)> B:up"},
		{"who has the answer to its registration needs no push again", "reg A needs B; fail A; ok A@2", "A:up()"},

		{"settling gives who was not heard from", "settling; reg A needs B; reg B", "A:unverified(B)> B:unverified"},
		{"settling takes nobody away", "settling; reg A needs B; ack A; reg B; ok B; ack A; refused B; refused B", "A:unverified()> B:down"},
		{"its end does", "settling; reg A needs B; ack A; reg B; ok B; ack A; refused B; refused B; ack A; +3s", "A:unverified()>-B B:down"},
		{"its end is told to all", "settling; reg A needs B; ack A; +3s", "A:unverified()>"},

		{"silence of most freezes removal", "reg A; reg B; reg C; ok A; ok B; ok C; silent A; silent B; silent C; silent A; silent B; silent C", "A:up B:up C:up"},
		{"three of six do not", "reg A; reg B; reg C; reg D; reg E; reg F; ok D; ok E; ok F; silent A; silent B; silent C; silent A; silent B; silent C",
			"A:down B:down C:down D:up E:up F:up"},
		{"two of two do not", "reg A; reg B; silent A; silent B; silent A; silent B", "A:down B:down"},
		{"silences that began far apart do not", "reg A; reg B; reg C; silent A; +4s; silent B; +4s; silent C; +4s; silent A", "A:down B:unverified C:unverified"},
		{"who was not heard of yet is offered meanwhile", "settling; reg A needs D; ack A; reg B; reg C; reg D; ack A; silent B; silent C; silent D; +3s",
			"A:unverified(D)> B:unverified C:unverified D:unverified"},
		{"refusal is proof all the same", "reg A; reg B; reg C; ok A; ok B; ok C; silent A; silent B; silent C; refused A; refused A", "A:down B:up C:up"},
		{"it thaws when most answer, and the others are asked twice again", "reg A; reg B; reg C; ok A; ok B; ok C; silent A; silent B; silent C; ok A; silent B; silent C; +1s; silent B; silent C", "A:up B:up C:up"},
		{"before they are out", "reg A; reg B; reg C; ok A; ok B; ok C; silent A; silent B; silent C; ok A; silent B; silent C; +1s; silent B; silent C; silent B; silent C", "A:up B:down C:down"},
		{"and after five minutes", "reg A; reg B; reg C; silent A; silent B; silent C; silent A; +4m59s; silent A; +1s; +4s; silent A; silent A", "A:down B:unverified C:unverified"},
		{"who went twice in a minute must stay for a while", "reg A; ok A; refused A; refused A; ok A; refused A; refused A; ok A", "A:flapping"},
		{"and then is given again", "reg A needs B; ack A; ok A; reg B; ok B; refused B; refused B; ok B; refused B; refused B; ok B; +3s; ok B; fail A; ok A", "A:up(B)>+B B:up"},
		{"but not before", "reg A; ok A; refused A; refused A; ok A; refused A; refused A; ok A; +2s; ok A", "A:flapping"},
		{"nor when it goes again", "reg A; ok A; refused A; refused A; ok A; refused A; refused A; ok A; refused A; refused A; +4s; ok A", "A:flapping"},
		{"a minute apart is not too often", "reg A; ok A; refused A; refused A; ok A; +90s; ok A; +3s; refused A; refused A; ok A", "A:up"},
		{"a new process at the address does not wipe it out", "reg A#1; ok A#1; refused A; refused A; ok A; refused A; refused A; reg A#2; ok A#2", "A:flapping"},
		{"nor do stops in order", "reg A#1; ok A#1; leave A#1; reg A#2; ok A#2; leave A#2; reg A#3; ok A#3; leave A#3; reg A#4; ok A#4", "A:flapping"},
		{"of which two are free", "reg A#1; ok A#1; leave A#1; reg A#2; ok A#2; leave A#2; reg A#3; ok A#3", "A:up"},
		{"who left does not come back by a late registration", "reg A#1; leave A#1; reg A#1", ""},
		{"but its next process does", "reg A#1; leave A#1; reg A#2", "A:unverified"},
		{"and so does who was removed by somebody else", "reg A#1; leave A; reg A#1", "A:unverified"},
		{"who says that it stops is given to nobody", "reg A needs B; ack A; reg B; ok B; ack A; going B", "A:unverified()>-B B:down"},
		{"which counts when it leaves", "reg A#1; ok A#1; going A#1; leave A#1; reg A#2; ok A#2", "A:up"},
		{"who is in doubt is not told before it answers", "reg A needs B; ack A; ok A; silent A; reg B; ok B", "A:up(B) B:up"},
		{"and then is", "reg A needs B; ack A; ok A; silent A; reg B; ok B; ok A", "A:up(B)>+B B:up"},

		{"a stall of our own freezes removal", "reg A; ok A; +9s; silent A; silent A", "A:up"},
		{"for a while", "reg A; ok A; +9s; silent A; silent A; +3s; silent A", "A:down"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := play(t, tt.script).String(); got != tt.want {
				t.Errorf("%s\n got %s\nwant %s", tt.script, got, tt.want)
			}
		})
	}
}

// Nothing is taken from a dependent while the registry settles, so one that has
// acknowledged such a view may still call who has left.
func TestLeaveWhileSettling(t *testing.T) {
	h := play(t, "settling; reg A#1 needs B; ack A; ok A#1; reg B#1; ok B#1; ack A; leave B#1")
	who := h.fx.awaited
	for _, step := range []struct {
		command string
		late    int
	}{{"ack A", 1}, {"+3s", 1}, {"ack A", 0}} {
		h.do(step.command)
		if got := len(h.tab.laggards(who)); got != step.late {
			t.Errorf("after %q %d have not heard of it, want %d", step.command, got, step.late)
		}
	}
}

// A service misses the registry after three intervals, however short the
// timeout is; until then one that came back empty takes it from nobody.
func TestSettlesUntilAllCanRegister(t *testing.T) {
	for _, tt := range []struct{ interval, timeout, want time.Duration }{
		{time.Second, time.Second, 3 * time.Second},
		{5 * time.Second, time.Second, 15 * time.Second},
		{time.Second, 3 * time.Second, 7 * time.Second},
	} {
		if got := newTable("epoch", tt.interval, tt.timeout, time.Time{}).settles(); got != tt.want {
			t.Errorf("settles for %v with interval %v and timeout %v, want %v", got, tt.interval, tt.timeout, tt.want)
		}
	}
}

// A freeze keeps those in who may be there. When all who fell silent are proven
// to be gone, it is over.
func TestFreezeEndsWithProof(t *testing.T) {
	h := play(t, "reg A; reg B; reg C; ok A; ok B; ok C; silent A; silent B; silent C; refused A; refused A; refused B; refused B; refused C; +1s")
	if h.tab.frozen.reason == "" {
		t.Fatal("C may be there, and removal is not frozen")
	}
	h.do("refused C")
	h.do("+1s")
	if why := h.tab.frozen.reason; why != "" {
		t.Errorf("nobody is left, and removal is frozen: %s", why)
	}
}

// Who got a provider with the answer to its registration, and no push since,
// may call it too.
func TestLeaveBeforeTheFirstPush(t *testing.T) {
	h := play(t, "settling; reg B#1; reg A#1 needs B; ok A#1; +3s; leave B#1")
	if len(h.fx.awaited) != 1 {
		t.Errorf("%d dependents are awaited, want 1", len(h.fx.awaited))
	}
}

// Who is back is told once, what is so now, and not first what was so before.
func TestBackIsToldOnce(t *testing.T) {
	h := play(t, "reg A needs A; ok A; ack A; ack A; refused A; refused A; ok A")
	if len(h.fx.pushes) != 1 || len(h.fx.pushes[0].Added)+len(h.fx.pushes[0].Providers["A"]) != 1 {
		t.Errorf("told %+v, want itself as it was", h.fx.pushes)
	}
}
