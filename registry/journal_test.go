package registry

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// noting is a history whose steps a journal takes down.
type noting struct {
	*history
	journal journal
}

func (n *noting) play(script string) {
	for command := range strings.SplitSeq(script, "; ") {
		n.do(command)
		n.journal.note(n.tab, n.fx.touched)
	}
}

// told is News in short: what is here, then what is gone.
func told(n News, fresh bool) string {
	var parts []string
	if n.Reset {
		parts = append(parts, "all:")
	}
	for _, s := range n.Services {
		parts = append(parts, s.Name+":"+s.Health)
	}
	for _, p := range n.Gone {
		parts = append(parts, "-"+p.Name)
	}
	if !fresh {
		parts = append(parts, "nothing")
	}
	return strings.Join(parts, " ")
}

func TestNews(t *testing.T) {
	tests := []struct{ name, before, after, want string }{
		{"nothing happened", "reg A", "+1s", "nothing"},
		{"a heartbeat alone is no news", "reg A; ok A", "+1s; ok A", "nothing"},
		{"one came", "reg A; ok A", "reg B", "B:unverified"},
		{"what changed twice is told once, as it is now", "reg A", "ok A; refused A; refused A; ok A", "A:up"},
		{"in the order of the last changes first known", "reg A; reg B", "ok B; ok A", "B:up A:up"},
		{"one left", "reg A; reg B", "leave A", "-A"},
		{"one left and came back", "reg A; ok A", "leave A; reg A#2", "A:unverified"},
		{"one came and left", "reg A", "reg B; leave B", "-B"},
		{"a dependent acknowledged", "reg A; ok A; reg B needs A; ok B", "ack B", "B:up"},
	}
	for _, tt := range tests {
		n := &noting{history: play(t, "+3s")}
		n.play(tt.before)
		place := cursor(n.tab.epoch, n.journal.latest)
		n.play(tt.after)
		if got := told(n.journal.news(n.tab, place)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A cursor that is not of this run, or too old, gets everything.
func TestNewsOfAnUnknownCursor(t *testing.T) {
	n := &noting{history: play(t, "+3s")}
	n.play("reg A; reg B; ok A")
	old := cursor(n.tab.epoch, n.journal.latest)
	for _, c := range []string{"", "epoch", "epoch.", "epoch.x", "epoch.-1", "epoch.99", "epoch.18446744073709551616", "other.1", "1", "."} {
		if got, want := told(n.journal.news(n.tab, c)), "all: A:up B:unverified"; got != want {
			t.Errorf("cursor %q: got %q, want %q", c, got, want)
		}
	}
	if got := told(n.journal.news(n.tab, old)); got != "nothing" {
		t.Errorf("the latest cursor: got %q", got)
	}
	for range keptTouches {
		n.play("reg A#1; reg A#2")
	}
	if got, want := told(n.journal.news(n.tab, old)), "all: A:up B:unverified"; got != want {
		t.Errorf("an old cursor: got %q, want %q", got, want)
	}
	if kept := len(n.journal.touches); kept > 2*keptTouches {
		t.Errorf("%d touches are kept", kept)
	}
}

// Another service at the same address, or another spelling of the address, is
// the end of the one that stood there.
func TestNewsOfAReplacedService(t *testing.T) {
	n := &noting{history: play(t, "+3s")}
	n.play("reg A")
	place := cursor(n.tab.epoch, n.journal.latest)
	other := registrationOf("A", "", "", "")
	other.ServiceName = "Other"
	n.journal.note(n.tab, n.tab.step(registering{other}, n.now).touched)
	if got, want := told(n.journal.news(n.tab, place)), "Other:unverified -A"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Watchers that look now and then, whatever happens between, hold what the
// catalogue holds.
func TestWatchersHoldTheCatalogue(t *testing.T) {
	const seed = 1
	random := rand.New(rand.NewPCG(seed, 0))
	commands := strings.Split("reg A needs B,C|reg B opt C|reg C|reg A#1 needs B|reg B#2|ok A|ok B|ok C|silent A|refused B|refused C|wrong C|leave A|leave B|leave C|ack A|ack B|fail A|+1s|+30s|+11m", "|")
	n := &noting{history: play(t, "+3s")}
	type watcher struct {
		cursor string
		holds  map[Provider]string
	}
	watchers := make([]watcher, 5)
	for i := range 20_000 {
		command := commands[random.IntN(len(commands))]
		if verb, name, _ := strings.Cut(command, " "); verb == "ack" || verb == "fail" {
			if s := n.tab.services[key(testURL(name))]; s == nil || s.sending == nil {
				continue
			}
		}
		n.play(command)
		w := &watchers[random.IntN(len(watchers))]
		if random.IntN(3) > 0 {
			continue
		}
		news, fresh := n.journal.news(n.tab, w.cursor)
		if news.Reset {
			w.holds = map[Provider]string{}
		}
		if !fresh && len(news.Services)+len(news.Gone) > 0 {
			t.Fatalf("step %d: news that is none: %+v", i, news)
		}
		for _, p := range news.Gone {
			delete(w.holds, p)
		}
		for _, s := range news.Services {
			w.holds[Provider{Name: s.Name, URL: s.URL}] = held(s)
		}
		w.cursor = news.Cursor
		want := map[Provider]string{}
		for _, s := range n.tab.catalogue("") {
			want[Provider{Name: s.Name, URL: s.URL}] = held(s)
		}
		if fmt.Sprint(w.holds) != fmt.Sprint(want) {
			t.Fatalf("step %d, %s: a watcher holds\n%v\nand the catalogue is\n%v", i, command, w.holds, want)
		}
	}
}

// held is what of an entry is news.
func held(s Service) string {
	return fmt.Sprint(s.Health, s.Reason, s.Since, s.Revision, s.Wanted, slices.Concat(s.RequiredServices, s.OptionalServices))
}
