package exchange

import (
	"strconv"
	"strings"
	"time"

	"gradebook/grades"
)

// rosterClass is a class. One that only references name, in a delta, has nothing
// but an id.
type rosterClass struct {
	line            int // in classes.csv; 0 for one that only references name
	id, external    string
	title, term     string
	weighting       string
	scale           []grades.Cutoff
	rules           *grades.SheetRules
	scaleLine       int
	removed         bool
	primary         int // the line of the primary teacher
	items           []int32
	members         []rosterMember
	at              map[int32]int32 // where each person is among members
	ownCategories   []int32         // those that say they are of this class
	titles, groups  map[string]bool // of its assignments and categories
	categoryByIndex map[int32]string
}

// rosterCategory is a category, of as many classes as use it.
type rosterCategory struct {
	id      string
	title   string
	extra   *rosterRules // nil for none; see rules
	line    int32
	removed bool
}

// rosterRules are what else may be said of a category, apart because there may
// be many of which nothing is.
type rosterRules struct {
	weight *grades.Score
	low    int // drops so many of the lowest
	high   int
	class  string // the class that it says it is of
}

func (c *rosterCategory) rules() rosterRules {
	if c.extra == nil {
		return rosterRules{}
	}
	return *c.extra
}

// rosterItem is a line item. One that only results name has nothing but an id
// and a class.
type rosterItem struct {
	line            int
	id, external    string
	title           string
	class           int32
	category        int32 // -1 for none known
	column          int32 // in its class
	points, low     grades.Score
	hasPoints       bool
	due             *time.Time
	hidden, removed bool
	neverDrop       bool
}

func (r *roster) org(t *rosterTable)    { t.unheld(&r.others.orgs) }
func (r *roster) course(t *rosterTable) { t.unheld(&r.others.courses) }

// unheld counts something that the book does not have; not what a gradebook only
// wrote because OneRoster requires it.
func (t *rosterTable) unheld(count *int) {
	if !strings.HasPrefix(t.get("sourcedId"), ourRosterIDs) {
		*count++
	}
}

// session reads a term, of which the book has the title.
func (r *roster) session(t *rosterTable) {
	t.unheld(&r.others.sessions)
	t.number(len(r.terms))
	r.terms = append(r.terms, t.named("title"))
}

// category reads a category.
func (r *roster) category(t *rosterTable) {
	c := rosterCategory{line: int32(t.line), id: t.get("sourcedId"), title: t.get("title"), removed: t.removed()}
	rules := rosterRules{class: t.ours("class")}
	rules.low, _ = strconv.Atoi(t.ours("dropLowest"))
	rules.high, _ = strconv.Atoi(t.ours("dropHighest"))
	column := "weight"
	text := t.get(column)
	if exact := t.ours("weight"); exact != "" {
		column, text = ourMetadata+"weight", exact
	}
	if weight, ok := t.score(column, text); ok {
		rules.weight = &weight
	}
	if rules != (rosterRules{}) {
		c.extra = new(rules)
	}
	if c.removed {
		r.doubts.add(t.name, t.line, "status", "%s is to be deleted, and stays in the book, where assignments are in it", c.title)
	}
	t.number(len(r.categories))
	r.categories = append(r.categories, c)
}

// score reads a number, and refuses what is none. It is not ok for "".
func (t *rosterTable) score(column, text string) (score grades.Score, ok bool) {
	if text == "" {
		return 0, false
	}
	score, err := grades.ParseScore(text)
	if err != nil {
		t.bad.add(t.name, t.line, column, "%v", err)
	}
	return score, err == nil
}

// class reads a class.
func (r *roster) class(t *rosterTable) {
	c := &rosterClass{
		line: t.line, id: t.get("sourcedId"), external: t.ours("externalID"), title: t.get("title"),
		weighting: t.ours("weighting"), removed: t.removed(),
	}
	var terms []string
	for _, id := range (&columnCheck{list: true}).references(t.get("termSourcedIds")) {
		if n, ok := t.find("academicSessions", id); ok && r.terms[n] != "" {
			terms = append(terms, r.terms[n])
		}
	}
	c.term = strings.Join(terms, ", ")
	if text := t.ours("scale"); text != "" {
		c.scale, _ = readScale(text)
	}
	if text := t.ours("rules"); text != "" {
		if c.rules = readRules(text); c.rules == nil {
			r.doubts.add(t.name, t.line, ourMetadata+"rules", "left out: %.60q are no rules of a class", text)
		}
	}
	t.number(len(r.classes))
	r.classes = append(r.classes, c)
}

// classOf returns the class that a cell names. One that is in none of the files is
// looked for in the book.
func (r *roster) classOf(t *rosterTable, column string) int {
	return r.classNamed(t.get(column))
}

func (r *roster) classNamed(id string) int {
	if place, ok := r.ids["classes"][r.hash(id)]; ok && place.number >= 0 {
		return int(place.number)
	}
	r.classes = append(r.classes, &rosterClass{id: strings.Clone(id)})
	r.place("classes", id, len(r.classes)-1)
	return len(r.classes) - 1
}

// lineItem reads an assignment.
func (r *roster) lineItem(t *rosterTable) {
	item := rosterItem{
		line: t.line, id: t.get("sourcedId"), external: t.ours("externalID"), title: t.get("title"),
		hidden: t.ours("posted") == "false", neverDrop: t.ours("neverDrop") == "true", removed: t.removed(), category: -1,
	}
	if item.removed && t.get("classSourcedId") == "" {
		if !r.placeItem(t, &item, "") {
			return
		}
	} else {
		item.class = int32(r.classOf(t, "classSourcedId"))
	}
	if n, ok := t.find("categories", t.get("categorySourcedId")); ok {
		item.category = int32(n)
	}
	item.points, item.hasPoints = t.score("resultValueMax", t.get("resultValueMax"))
	item.low, _ = t.score("resultValueMin", t.get("resultValueMin"))
	switch {
	case item.hasPoints && item.points < 0:
		t.bad.add(t.name, t.line, "resultValueMax", "is %s; the points possible cannot be below 0", item.points)
	case item.hasPoints && item.low > item.points:
		r.doubts.add(t.name, t.line, "resultValueMin", "%s is over the highest result, %s; it is not looked at", item.low, item.points)
	case item.low > 0:
		r.doubts.add(t.name, t.line, "resultValueMin", "the lowest result possible, %s, is not kept: the book's is 0", item.low)
	}
	item.due = r.dueDate(t)
	t.number(len(r.items))
	r.addItem(item)
}

// addItem adds a line item to its class.
func (r *roster) addItem(item rosterItem) int32 {
	c := r.classes[item.class]
	item.column = int32(len(c.items))
	c.items = append(c.items, int32(len(r.items)))
	r.items = append(r.items, item)
	return int32(len(r.items) - 1)
}

// placeItem finds the class of a line item by asking the book. It is false, and
// says so, when that does not know.
func (r *roster) placeItem(t *rosterTable, item *rosterItem, class string) bool {
	if class == "" && r.options.ClassOf != nil {
		class, _ = r.options.ClassOf(item.id)
	}
	if class == "" {
		r.bad.add(t.name, t.line, "lineItemSourcedId", "%.100s is in no line of lineItems.csv, and no assignment of the book has it for an id; send its line item first, or correct it", item.id)
		return false
	}
	item.class = int32(r.classNamed(class))
	return true
}

// dueDate reads when a line item is due: at the end of the day where it gives no
// time.
func (r *roster) dueDate(t *rosterTable) *time.Time {
	text, exact := t.get("dueDate"), t.ours("due")
	if exact == "none" || text == "" {
		return nil
	}
	if at, err := time.Parse(time.RFC3339, exact); err == nil && at.UTC().Format(time.DateOnly) == text {
		return &at
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		r.others.dates++
		at := day.Add(24*time.Hour - time.Second)
		return &at
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.bad.add(t.name, t.line, "dueDate", "%.40q is no date; write one such as 2026-11-20, or 2026-11-20T23:59:00.000Z", text)
		return nil
	}
	return &at
}
