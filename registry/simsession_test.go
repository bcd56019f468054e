package registry

import "slices"

// checkSession is what must be true of a process after it was given a view.
func (w *simWorld) checkSession(p *simProcess, before *session, epoch string, revision uint64, given map[string][]Provider, settling bool) {
	s := &p.session
	w.note("holds", p.place.index, s.revision)
	if w.reading {
		w.say("  %v: %s@%d, settling %t: %v", p, epoch, revision, settling, s.providers)
	}
	if s.epoch != before.epoch {
		if p.seen[s.epoch] {
			w.fail("%v returns to the epoch %s, which it left", p, s.epoch)
		}
		p.seen[s.epoch] = true
	} else if s.revision < before.revision {
		w.fail("%v falls from revision %d to %d", p, before.revision, s.revision)
	} else if revision < before.revision {
		return // it keeps what is newer
	}
	if s.epoch != epoch || s.revision != revision {
		w.fail("%v was given %s@%d and holds %s@%d", p, epoch, revision, s.epoch, s.revision)
	}
	for name, list := range given {
		for _, g := range list {
			if !slices.Contains(s.providers[name], g.URL) {
				w.fail("%v was given %s and does not know it", p, g.URL)
			}
		}
		if !settling && len(list) != len(s.providers[name]) {
			w.fail("%v was given %v and knows %v", p, list, s.providers[name])
		}
	}
	for name, urls := range before.providers {
		for _, url := range urls {
			if !slices.Contains(s.providers[name], url) {
				w.checkLost(p, name, url, settling)
			}
		}
	}
}

// checkLost is that p may lose a provider now.
func (w *simWorld) checkLost(p *simProcess, name, url string, settling bool) {
	if settling {
		w.fail("%v loses %s at %s while the registry settles", p, name, url)
	}
	// An old client registers once: a registry that lost its file knows it no more.
	if place := w.byURL[url]; w.memory.kept[url] && place.offers(name) && place.process.old == nil {
		w.fail("%v loses %s at %s, which lives", p, name, url)
	}
}
