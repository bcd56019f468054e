package registry

import (
	"slices"
	"strconv"
	"strings"
)

// News is what a watcher has missed: the answer of GET /watch and each event
// of its stream. Entries are as they are now, so what changed twice is told
// once; another heartbeat alone is no news.
type News struct {
	Cursor   string     `json:"cursor"`   // give it back as after to go on from here
	Reset    bool       `json:"reset"`    // these are all entries: forget any others
	Settling bool       `json:"settling"` // just started: who is missing may only not have been heard from
	Services []Service  `json:"services"` // that came or changed
	Gone     []Provider `json:"gone"`
}

// keptTouches is how many changes of entries a journal remembers: minutes of a
// busy fleet. A watcher that was away for longer gets everything anew.
const keptTouches = 4096

// journal remembers which entries of the catalogue changed last, so that a
// watcher that was away is told only what it missed. It keeps nothing for any
// watcher: each brings its own place, and what changed twice meanwhile is told
// once, so one that is slow costs nothing and misses nothing. It is not safe
// for concurrent use.
type journal struct {
	latest    uint64  // revision of the last change
	forgotten uint64  // revision of the newest touch that is no longer kept
	touches   []touch // oldest first
	known     map[string]Provider
	settling  bool
	changed   chan struct{} // closed at the next change; nil while nobody waits
}

// touch says that what stood at key came, changed or went.
type touch struct {
	revision uint64
	key      string
	provider Provider
}

// note takes down that the entries at these keys changed in the table's latest
// step. Another service at a key is the end of the one that stood there.
func (j *journal) note(t *table, keys []string) {
	if len(keys) == 0 && j.settling == t.settling {
		return
	}
	if j.known == nil {
		j.known = make(map[string]Provider)
	}
	j.latest, j.settling = t.revision, t.settling
	for _, key := range keys {
		old, was := j.known[key]
		s := t.services[key]
		if was && (s == nil || s.provider() != old) {
			j.touches = append(j.touches, touch{t.revision, key, old})
			delete(j.known, key)
		}
		if s != nil {
			j.touches = append(j.touches, touch{t.revision, key, s.provider()})
			j.known[key] = s.provider()
		}
	}
	j.forget()
	if j.changed != nil {
		close(j.changed)
		j.changed = nil
	}
}

// forget drops the oldest touches, many at a time so that each costs little.
func (j *journal) forget() {
	if extra := len(j.touches) - keptTouches; extra > keptTouches {
		j.forgotten = j.touches[extra-1].revision
		j.touches = slices.Clone(j.touches[extra:])
	}
}

// wait returns a channel that is closed at the next change.
func (j *journal) wait() <-chan struct{} {
	if j.changed == nil {
		j.changed = make(chan struct{})
	}
	return j.changed
}

// since returns the keys of the entries that came or changed after a revision,
// and what is gone, each once. It reports false when it no longer knows.
func (j *journal) since(revision uint64) (keys []string, gone []Provider, ok bool) {
	if revision < j.forgotten || revision > j.latest {
		return nil, nil, false
	}
	first, _ := slices.BinarySearchFunc(j.touches, revision+1, func(t touch, r uint64) int {
		if t.revision < r {
			return -1
		}
		return 1
	})
	told := make(map[Provider]bool)
	for _, t := range j.touches[first:] {
		switch {
		case told[t.provider]:
		case j.known[t.key] == t.provider:
			keys = append(keys, t.key)
		default:
			gone = append(gone, t.provider)
		}
		told[t.provider] = true
	}
	return keys, gone, true
}

// news returns what changed since a cursor, and whether anything did. For a
// cursor of another run of the registry, or one that is too old, that is
// everything.
func (j *journal) news(t *table, after string) (news News, fresh bool) {
	news = News{Cursor: cursor(t.epoch, j.latest), Settling: t.settling, Services: []Service{}, Gone: []Provider{}}
	if revision, ok := place(after, t.epoch); ok {
		if keys, gone, ok := j.since(revision); ok {
			for _, key := range keys {
				news.Services = append(news.Services, t.services[key].entry())
			}
			news.Gone = append(news.Gone, gone...)
			return news, revision < j.latest
		}
	}
	news.Reset, news.Services = true, t.catalogue("")
	return news, true
}

// cursor is a watcher's place in the changes of one run of the registry.
func cursor(epoch string, revision uint64) string {
	return epoch + "." + strconv.FormatUint(revision, 10)
}

// place returns the revision of a cursor of this epoch. Any other text is the
// cursor of somebody else.
func place(text, epoch string) (revision uint64, ok bool) {
	of, number, found := strings.Cut(text, ".")
	if !found || of != epoch {
		return 0, false
	}
	revision, err := strconv.ParseUint(number, 10, 64)
	return revision, err == nil
}
