package registry

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// text returns the graph, as of now, for people with a terminal: a line for
// each address of a service.
func (g *Graph) text(now time.Time) string {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SERVICE\tSTATE\tADDRESS\tSINCE\tHEARTBEAT\tREVISION\tWHY")
	for _, n := range g.Nodes {
		for _, row := range serviceRows(n, now) {
			row.write(w)
		}
	}
	w.Flush()
	var b strings.Builder
	for line := range strings.Lines(table.String()) {
		fmt.Fprintln(&b, strings.TrimRight(line, " \n"))
	}
	if g.Settling {
		fmt.Fprintln(&b, "\nThis registry has just started and has not heard from everybody yet.")
	}
	if g.Frozen != "" {
		fmt.Fprintf(&b, "\nNobody is taken out for silence at present: %s.\n", g.Frozen)
	}
	return b.String()
}

// write prints r as a line of the table.
func (r *serviceRow) write(w io.Writer) {
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Name, r.Word, r.Address, r.Since, r.Beat, r.View, r.Why)
}
