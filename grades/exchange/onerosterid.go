package exchange

import (
	"fmt"
	"strings"
)

// isRosterID reports whether a text may be an id.
func isRosterID(id string) bool {
	return id != "" && len(id) <= 255 && strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_/@") == ""
}

// ourRosterIDs begins the ids of what has none of another system.
const ourRosterIDs = "gradebook/"

// ourRosterID is such an id: "gradebook/student/17".
func ourRosterID(kind string, ids ...int) string {
	id := ourRosterIDs + kind
	for _, n := range ids {
		id += fmt.Sprintf("/%d", n)
	}
	return id
}

// isOurRosterID reports whether an id is one of those of a kind.
func isOurRosterID(kind, id string) bool {
	rest, ok := strings.CutPrefix(id, ourRosterIDs+kind+"/")
	return ok && rest != "" && strings.Trim(rest, "0123456789/") == ""
}

// rosterNames gives everything an id that nothing else of its kind has: that of
// the system it came from, where OneRoster allows it.
type rosterNames struct {
	ids   map[rosterName]string
	taken map[rosterKind]bool
}

type rosterName struct {
	kind   string
	number int
}

type rosterKind struct{ kind, id string }

func newRosterNames() rosterNames {
	return rosterNames{map[rosterName]string{}, map[rosterKind]bool{}}
}

func (n *rosterNames) give(kind string, number int, external string) {
	if n.of(kind, number) != "" {
		return
	}
	id := external
	if !isRosterID(id) || n.taken[rosterKind{kind, id}] {
		id = ourRosterID(kind, number)
	}
	for n.taken[rosterKind{kind, id}] {
		id += "/0"
	}
	n.taken[rosterKind{kind, id}] = true
	n.ids[rosterName{kind, number}] = id
}

// of returns the id of a thing.
func (n *rosterNames) of(kind string, number int) string { return n.ids[rosterName{kind, number}] }

// other returns the external id of a thing where it is not its id.
func (n *rosterNames) other(kind string, number int, external string) string {
	if n.of(kind, number) == external {
		return ""
	}
	return external
}

// idElsewhere is the id that a thing had where it came from: not the one that was
// only made for the file.
func idElsewhere(kind, id, external string) string {
	if isOurRosterID(kind, id) {
		return external
	}
	return id
}
