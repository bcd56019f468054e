package exchange

import (
	"strconv"
	"strings"
	"time"
)

// setDue gives the assignments the dates of the row of due dates. Where no date
// shows whether the day or the month comes first, that is asked.
func (r *reading) setDue() {
	if r.marks.due.line == 0 {
		return
	}
	order := r.dateOrder()
	for i := range r.columns {
		text := above(r.marks.due, i)
		if r.columns[i].role != assignment || text == "" {
			continue
		}
		due, ok := parseDate(text, order)
		if !ok {
			r.bad.add(r.marks.due.line, r.where(i), "%.40q is no date: write one such as 2026-11-21", text)
			continue
		}
		r.sheet.Assignments[r.columns[i].item].Due = &due
	}
	r.guess("dates", order, "due dates without a time are due at the end of the day, in UTC")
}

// dateOrder finds out the order of dates such as 3/4/2026, "" where there is none
// or it was asked for.
func (r *reading) dateOrder() string {
	if r.options.Dates != "" {
		return r.options.Dates
	}
	days, months, open := 0, 0, 0
	for i := range r.columns {
		if r.columns[i].role != assignment {
			continue
		}
		first, second, ok := slashes(above(r.marks.due, i))
		switch {
		case !ok || first == second:
		case first > 12:
			days++
		case second > 12:
			months++
		default:
			open++
		}
	}
	switch {
	case days > 0 && months > 0:
		r.bad.add(r.marks.due.line, "", "some dates have the day first and others the month: write them all as 2026-11-21")
	case months > 0:
		return "mdy"
	case days > 0:
		return "dmy"
	case open > 0:
		r.ask("", "in the due dates, the day or the month may come first: say which", "dmy", "mdy")
	}
	return ""
}

// slashes returns the first two numbers of 3/4/2026.
func slashes(text string) (first, second int, ok bool) {
	a, rest, ok1 := strings.Cut(text, "/")
	b, _, ok2 := strings.Cut(rest, "/")
	first, err1 := strconv.Atoi(a)
	second, err2 := strconv.Atoi(b)
	return first, second, ok1 && ok2 && err1 == nil && err2 == nil
}

// parseDate reads a date, with a time or without one, in which case it is the
// end of the day. Dates with slashes have that order; dots mean the day first.
func parseDate(text, order string) (time.Time, bool) {
	slashed := "2/1/"
	if order == "mdy" {
		slashed = "1/2/"
	}
	for _, date := range []string{time.DateOnly, "2006/1/2", slashed + "2006", slashed + "06", "2.1.2006", "2.1.06", "2 Jan 2006", "Jan 2, 2006", "Jan 2 2006", "2-Jan-2006", "2-Jan-06"} {
		if t, err := time.Parse(date, text); err == nil {
			return t.Add(24*time.Hour - time.Second), true
		}
		for _, clock := range []string{" 15:04", " 15:04:05", " 3:04 PM", " 3:04:05 PM"} {
			if t, err := time.Parse(date+clock, text); err == nil {
				return t, true
			}
		}
	}
	t, err := time.Parse(time.RFC3339, text)
	return t, err == nil
}
