package exchange

import (
	"maps"
	"slices"
	"strings"
)

// rosterUser is a person. One whom only references name, in a delta, has nothing
// but an id.
type rosterUser struct {
	line                              int // in users.csv; 0 for one whom only references name
	id                                string
	first, last, login, email, school string
	external                          string // where that cannot be the id
	student, other, removed           bool
}

// rosterMember is a student of a class.
type rosterMember struct {
	user    int32
	line    int32 // in enrollments.csv; below 0 in results.csv, where only a result says so
	removed bool
}

// rosterOthers counts what the book has no place for.
type rosterOthers struct {
	orgs, sessions, courses int
	dates                   int            // without a time
	notSubmitted            int            // and not said to be missing
	roles                   map[string]int // people by role
	enrollments             map[string]int // likewise
}

func (o *rosterOthers) count(counts *map[string]int, what string) {
	if *counts == nil {
		*counts = map[string]int{}
	}
	(*counts)[what]++
}

// tell says of each kind once how many there are.
func (o *rosterOthers) tell(doubts *rosterDoubts) {
	for _, kind := range []struct {
		file, what string
		count      int
	}{
		{"orgs.csv", "organizations", o.orgs},
		{"academicSessions.csv", "dates of sessions", o.sessions},
		{"courses.csv", "courses", o.courses},
	} {
		if kind.count > 0 {
			doubts.add(kind.file, 0, "", "%s (%d) are left out: the book has no place for them", kind.what, kind.count)
		}
	}
	for _, kind := range []struct {
		file, what string
		counts     map[string]int
	}{{"users.csv", "people who are", o.roles}, {"enrollments.csv", "enrollments as", o.enrollments}} {
		for _, role := range slices.Sorted(maps.Keys(kind.counts)) {
			doubts.add(kind.file, 0, "role", "%s %s (%d) are left out: the book has only students", kind.what, role, kind.counts[role])
		}
	}
	if o.notSubmitted > 0 {
		doubts.add("results.csv", 0, "scoreStatus", `results that are "not submitted" (%d) are taken as nothing entered yet; where the work is missing, the column missing must say true`, o.notSubmitted)
	}
}

// user reads a person.
func (r *roster) user(t *rosterTable) {
	u := rosterUser{
		line: t.line, id: t.get("sourcedId"), removed: t.removed(),
		first: t.named("givenName"), last: t.named("familyName"),
		login: t.get("username"), email: t.get("email"), school: t.get("identifier"), external: t.ours("externalID"),
	}
	if isOurRosterID("student", u.login) { // there is none
		u.login = ""
	}
	if role := t.get("role"); role == "student" {
		u.student = true
	} else if role != "" {
		u.other = true
		r.others.count(&r.others.roles, role)
	}
	if u.removed && u.student {
		r.doubts.add(t.name, t.line, "status", "%s is to be deleted, and stays in the book with all grades; take the student out of classes in enrollments.csv", u.id)
	}
	if t.get("enabledUser") == "false" {
		r.doubts.add(t.name, t.line, "enabledUser", "is false; the person is read like others")
	}
	t.number(len(r.users))
	r.users = append(r.users, u)
}

// named returns a cell that OneRoster requires, "" where it only stands for one.
func (t *rosterTable) named(column string) string {
	if slices.Contains(strings.Fields(t.ours("none")), column) {
		return ""
	}
	return t.get(column)
}

// role reads what a person is, in 1.2.
func (r *roster) role(t *rosterTable) {
	role := t.get("role")
	if role != "student" {
		r.others.count(&r.others.roles, role)
	}
	if n, ok := t.find("users", t.get("userSourcedId")); ok && !t.removed() {
		r.users[n].student = r.users[n].student || role == "student"
		r.users[n].other = r.users[n].other || role != "student"
	}
}

// userOf returns the person that a cell names. One who is in none of the files is
// looked for in the book.
func (r *roster) userOf(t *rosterTable, column string) int32 {
	id := t.get(column)
	if n, ok := t.find("users", id); ok {
		return int32(n)
	}
	r.users = append(r.users, rosterUser{id: strings.Clone(id), student: true})
	r.place("users", id, len(r.users)-1)
	return int32(len(r.users) - 1)
}

// place gives what only references name a number.
func (r *roster) place(file, id string, number int) {
	if r.ids[file] == nil {
		r.ids[file] = rosterIDs{}
	}
	r.ids[file][r.hash(id)] = rosterPlace{number: int32(number)}
}

// enrollment reads who is in a class.
func (r *roster) enrollment(t *rosterTable) {
	role := t.get("role")
	class := r.classOf(t, "classSourcedId")
	switch {
	case role == "teacher" && t.is("primary") && !t.removed():
		if c := r.classes[class]; c.primary > 0 {
			r.doubts.add(t.name, t.line, "primary", "the class has a primary teacher in line %d already", c.primary)
		} else {
			c.primary = t.line
		}
		fallthrough
	case role != "student":
		r.others.count(&r.others.enrollments, role)
		return
	}
	user := r.userOf(t, "userSourcedId")
	if u := &r.users[user]; u.other && !u.student {
		r.doubts.add(t.name, t.line, "role", "is student, and %s is no student in users.csv; the person is enrolled as one", u.id)
	}
	c := r.classes[class]
	if before, again := c.at[user]; again {
		m := &c.members[before]
		r.doubts.add(t.name, t.line, "userSourcedId", "%s is in this class by line %d too; the last line counts", r.users[user].id, m.line)
		m.line, m.removed = int32(t.line), t.removed()
		return
	}
	c.enroll(rosterMember{user, int32(t.line), t.removed()})
}

func (c *rosterClass) enroll(m rosterMember) {
	if c.at == nil {
		c.at = map[int32]int32{}
	}
	c.at[m.user] = int32(len(c.members))
	c.members = append(c.members, m)
}
