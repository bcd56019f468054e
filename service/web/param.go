package web

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Param is a parameter of a route: in its path, its query or a header.
type Param struct {
	Name   string
	Means  string // a phrase
	Schema Schema
	Needed bool // the handler refuses a request without it
	// Must says what is wrong with a value, as "must be …"; "" when it fits. nil:
	// the handler judges it.
	Must func(value string) string
}

// Text is a parameter of any text, which the handler judges.
func Text(name, means string) Param {
	return Param{Name: name, Means: means, Schema: Schema{"type": "string"}}
}

// Whole is a parameter that is a whole number from low to high; math.MaxInt is
// as good as no limit.
func Whole(name, means string, low, high int) Param {
	schema, limits := Schema{"type": "integer", "minimum": low}, fmt.Sprintf("from %d", low)
	if high < math.MaxInt {
		schema["maximum"] = high
		limits += fmt.Sprintf(" to %d", high)
	}
	must := func(value string) string {
		if n, err := strconv.Atoi(value); err != nil || n < low || n > high {
			return fmt.Sprintf("must be a whole number %s, not %q", limits, shortened(value))
		}
		return ""
	}
	return Param{Name: name, Means: means, Schema: schema, Must: must}
}

// Span is a parameter that is a time of at most longest, as [time.ParseDuration]
// reads it.
func Span(name, means string, longest time.Duration) Param {
	p := Text(name, fmt.Sprintf("%s: a time such as %v, at most %v", means, longest/2, longest))
	p.Must = func(value string) string {
		if d, err := time.ParseDuration(value); err != nil || d < 0 || d > longest {
			return fmt.Sprintf("must be a time such as %v, at most %v, not %q", longest/2, longest, shortened(value))
		}
		return ""
	}
	return p
}

// Flag is a parameter that is true or false.
func Flag(name, means string) Param {
	p := OneOf(name, means, "true", "false")
	p.Schema = Schema{"type": "boolean"}
	return p
}

// OneOf is a parameter that is one of a few words.
func OneOf(name, means string, values ...string) Param {
	must := func(value string) string {
		if !slices.Contains(values, value) {
			return fmt.Sprintf("must be %s, not %q", series(values, "or"), shortened(value))
		}
		return ""
	}
	return Param{Name: name, Means: means, Schema: Schema{"type": "string", "enum": values}, Must: must}
}

// Needed is p in a query that must have it.
func Needed(p Param) Param {
	p.Needed = true
	return p
}

// series joins words: "a, b and c".
func series(words []string, last string) string {
	n := len(words) - 1
	if n < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

// shortened is at most 40 bytes of text, so that a message can quote it.
func shortened(text string) string {
	if len(text) <= 40 {
		return text
	}
	return strings.ToValidUTF8(text[:40], "") + "…"
}
