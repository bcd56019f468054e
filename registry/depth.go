package registry

// depths returns the longest way to each service from one that nobody needs.
// Where services need each other in a circle, the edge that closes it does not
// count.
func depths(names []string, edges []Edge) map[string]int {
	neededBy := make(map[string][]string)
	for _, e := range edges {
		neededBy[e.To] = append(neededBy[e.To], e.From)
	}
	depth, under := make(map[string]int), make(map[string]bool)
	var visit func(name string) int
	visit = func(name string) int {
		if d, ok := depth[name]; ok {
			return d
		}
		under[name] = true
		d := 0
		for _, from := range neededBy[name] {
			if !under[from] {
				d = max(d, visit(from)+1)
			}
		}
		under[name] = false
		depth[name] = d
		return d
	}
	for _, name := range names {
		visit(name)
	}
	return depth
}
