package portal

import (
	"slices"

	"gradebook/registry"
)

// layers sorts the services of a graph into rows by who needs whom: first those
// whom nobody needs, then the registry, then those whom the first need, and so
// on. Within a row they are by name. A row holds at most perRow.
func layers(g registry.Graph) [][]string {
	needed, needs := map[string]bool{}, map[string][]string{}
	for _, e := range g.Edges {
		needed[e.To] = true
		needs[e.From] = append(needs[e.From], e.To)
	}
	placed := map[string]bool{}
	var hub, row []string
	for _, n := range g.Nodes {
		switch {
		case n.Name == registry.RegistryService:
			hub = []string{n.Name}
			placed[n.Name] = true
		case !needed[n.Name]:
			row = append(row, n.Name)
		}
	}
	var rows [][]string
	for place := 0; ; place++ {
		for _, name := range row {
			placed[name] = true
		}
		slices.Sort(row)
		rows = append(rows, slices.Collect(slices.Chunk(row, perRow))...)
		if place == 0 && hub != nil {
			rows = append(rows, hub)
		}
		if row = next(g, row, needs, placed); row == nil {
			return rows
		}
	}
}

// next returns those not placed whom the row needs; where services need each
// other in a circle that nothing leads into, the first of them.
func next(g registry.Graph, row []string, needs map[string][]string, placed map[string]bool) []string {
	var found []string
	for _, from := range row {
		for _, to := range needs[from] {
			if !placed[to] && !slices.Contains(found, to) {
				found = append(found, to)
			}
		}
	}
	if found != nil {
		return found
	}
	for _, n := range g.Nodes {
		if !placed[n.Name] {
			return []string{n.Name}
		}
	}
	return nil
}
