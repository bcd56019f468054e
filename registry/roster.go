package registry

import "slices"

// roster is who offers what: URLs by name, sorted. It is replaced and never
// changed, so whoever holds one may read it at any time.
type roster map[string][]string

// news is what a new roster changed, each by name and URL.
type news struct{ found, gone []Provider }

// next returns the roster that the registry gives. While the registry settles
// it may know less than r does, so what r knows is kept beside it.
func (r roster) next(given map[string][]Provider, settling bool) (roster, news) {
	next, n := make(roster, len(given)), news{}
	for name, list := range given {
		for _, p := range list {
			next[name] = append(next[name], p.URL)
		}
	}
	for name, known := range r {
		for _, url := range known {
			switch {
			case slices.Contains(next[name], url):
			case settling:
				next[name] = append(next[name], url)
			default:
				n.gone = append(n.gone, Provider{Name: name, URL: url})
			}
		}
	}
	for name, list := range next {
		slices.Sort(list)
		for _, url := range list {
			if !slices.Contains(r[name], url) {
				n.found = append(n.found, Provider{Name: name, URL: url})
			}
		}
	}
	slices.SortFunc(n.found, compareProviders)
	slices.SortFunc(n.gone, compareProviders)
	return next, n
}

// given returns r in the words of the wire.
func (r roster) given() map[string][]Provider {
	m := make(map[string][]Provider, len(r))
	for name, urls := range r {
		m[name] = make([]Provider, 0, len(urls))
		for _, url := range urls {
			m[name] = append(m[name], Provider{URL: url})
		}
	}
	return m
}
