package log

import (
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"
)

const (
	maxRule      = 1000 // bytes of its text
	minWindow    = time.Second
	longestRule  = 24 * time.Hour
	maxThreshold = 1_000_000_000
)

// A rule says when somebody should be told. Its grammar:
//
//	rule      = "count" "(" [ condition { "," condition } ] ")" "over" window compare number
//	          | "silence" "(" "service" "=" value ")" "over" window
//	condition = "level" ( ">=" | "=" ) level | ( "service" | "instance" | "q" ) "=" value
//	compare   = ">" | ">=" | "<" | "<="
//	value     = letters, digits and -_.:/+ | a string in quotes, as in Go
//	window    = a duration such as 30m or 1h30m, from 1s to 24h
//
// A count is of the lines in the window that meet all conditions: spans are lines only from
// level>=trace on, and what alerts say is none. q is text in the message or the attributes, in any
// letter case. Silence is that a service is registered but none of its lines or spans is in the
// window.
type rule struct {
	silent    bool
	level     slog.Level // at least, debug if none is given
	exactly   bool       // that level and no other
	leveled   bool       // a level is given
	service   string     // "": any; so are the next two
	instance  string
	text      string
	window    time.Duration
	compare   string
	threshold int
}

// String returns the rule as it is told to people. It parses as the same rule.
func (r *rule) String() string {
	var conditions []string
	if r.leveled && r.exactly {
		conditions = append(conditions, "level="+levelName(r.level))
	} else if r.leveled {
		conditions = append(conditions, "level>="+levelName(r.level))
	}
	for _, c := range [...]struct{ name, value string }{{"service", r.service}, {"instance", r.instance}, {"q", r.text}} {
		if c.value != "" {
			conditions = append(conditions, c.name+"="+ruleValue(c.value))
		}
	}
	function, end := "count", fmt.Sprintf(" %s %d", r.compare, r.threshold)
	if r.silent {
		function, end = "silence", ""
	}
	return fmt.Sprintf("%s(%s) over %s%s", function, strings.Join(conditions, ", "), shortDuration(r.window), end)
}

// ruleValue quotes s unless it is one word of a rule.
func ruleValue(s string) string {
	if strings.ContainsFunc(s, isNoRuleWord) {
		return strconv.Quote(s)
	}
	return s
}

// shortDuration leaves out what is zero: 30m instead of 30m0s.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// filter finds in the log what the rule may count: matches tells for sure.
func (r *rule) filter() filter {
	f := newFilter()
	f.service, f.text = r.service, strings.ToLower(r.text)
	if f.level = r.level; r.silent {
		f.level = math.MinInt8
	}
	return f
}

// matches reports whether the rule counts entry e, which its filter has found.
func (r *rule) matches(e *record) bool {
	return e.kind != kindAlert && (!r.exactly || e.level == r.level) && (r.instance == "" || e.instance == r.instance)
}

// fires reports whether a count is what the rule tells about.
func (r *rule) fires(count int) bool {
	switch r.compare {
	case ">":
		return count > r.threshold
	case ">=":
		return count >= r.threshold
	case "<":
		return count < r.threshold
	}
	return count <= r.threshold
}
