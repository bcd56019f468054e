package registry

import (
	"maps"
	"slices"
	"time"
)

// leaving is the deregistration of whatever is at url, or of that instance only.
type leaving struct{ url, instance string }

// departed is who left an address: for a while it is remembered how often that
// happened, and that this process cannot register again.
type departed struct {
	Instance string    `json:"instance"` // "" when somebody else removed it: it may come back
	At       time.Time `json:"at"`
	flaps    flaps
}

// awaited is a dependent that was told of a service which left.
type awaited struct {
	key        string
	generation uint64
	revision   uint64 // it knows once it acknowledged this
}

func (e leaving) apply(t *table, fx *effects, now time.Time) {
	s := t.services[key(e.url)]
	switch {
	case s == nil:
		fx.err = errUnknownURL
		return
	case e.instance != "" && s.Instance != "" && e.instance != s.Instance:
		fx.err = errOtherInstance
		return
	}
	t.delete(s, fx, now)
	maps.DeleteFunc(t.departed, func(_ string, d departed) bool { return now.Sub(d.At) >= forgetAfter })
	t.departed[s.key] = departed{Instance: e.instance, At: now, flaps: s.flaps.add(leftCosts, now)}
	t.change(fx, now, "%s left", s)
	if g := t.groups[s.ServiceName]; g != nil {
		for _, d := range g.dependents {
			switch p := s.provider(); {
			case slices.Contains(d.view, p):
				fx.awaited = append(fx.awaited, awaited{d.key, d.generation, t.revision + 1})
			case d.acked < d.revision, d.keeps: // it may hold an older view, with s in it; it is being told, or will be once settled
				fx.awaited = append(fx.awaited, awaited{d.key, d.generation, d.revision})
			}
		}
	}
}

// laggards returns those of who that are late.
func (t *table) laggards(who []awaited) []Provider {
	late := []Provider{}
	for _, a := range who {
		if t.isLate(a) {
			late = append(late, t.services[a.key].provider())
		}
	}
	return late
}

// isLate reports whether a lives and has not acknowledged yet, or only while
// settling: nothing is taken away from it until that is over.
func (t *table) isLate(a awaited) bool {
	s := t.services[a.key]
	return s != nil && s.generation == a.generation && s.lives() && (s.acked < a.revision || s.keeps)
}
