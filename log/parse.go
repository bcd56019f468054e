package log

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math"
	"mime"
	"strings"
	"time"
	"unicode/utf8"
)

// usualEntry is less than most entries have as JSON, in bytes.
const usualEntry = 150

// maxRejections is how many bad lines one answer lists.
const maxRejections = 100

// A rejection tells a sender which line of its body (or element of its array), from 1, was not
// stored and why.
type rejection struct {
	Line   int    `json:"line"`
	Detail string `json:"detail"`
	Lines  int    `json:"lines,omitempty"` // how many this stands for, Line being the first; 0 is one
}

// errTooLarge: the one entry of a body is over MaxEntry.
var errTooLarge = errors.New("an entry is at most 256 KiB")

// The forms of a body.
type form int

const (
	formText  form = iota // one entry, whatever it holds
	formJSON              // an object or an array of objects
	formLines             // one JSON object a line
)

// bodyForm: everything that is not JSON is text, so that curl -d hello works.
func bodyForm(contentType string) form {
	if contentType == "application/json" { // mostly, and much faster
		return formJSON
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return formText
	case mediaType == "application/x-ndjson" || mediaType == "application/ndjson" || mediaType == "application/jsonl":
		return formLines
	case mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"):
		return formJSON
	}
	return formText
}

// parseText makes one entry of a whole body, whatever is in it. The prefix of the line that older
// clients send, "[GradingService] - message", names the service.
func parseText(body []byte, now time.Time) (record, error) {
	text := strings.TrimRight(string(validUTF8(body)), "\r\n")
	r := record{time: now.UnixNano(), message: text}
	if prefix, rest, ok := strings.Cut(text, "] - "); ok && strings.HasPrefix(prefix, "[") {
		if name := prefix[1:]; name != "" && len(name) <= maxName && !strings.ContainsAny(name, "[]\r\n") {
			r.service, r.message = name, rest
		}
	}
	if r.message == "" {
		return record{}, errors.New("the body is empty: send the message as text")
	}
	return r, nil
}

// parseJSON takes an object or an array of objects. The error is for a body that is not JSON at
// all, or for the one object that is no entry.
func parseJSON(body []byte, now time.Time) ([]record, []rejection, error) {
	text := string(validUTF8(body))
	whole := lexer{text: text}
	if whole.peek() == '[' || text[whole.pos:] == "null" {
		if _, ok := whole.value(); !ok || !whole.end() {
			return nil, nil, syntaxError(text)
		}
		records, rejected := parseEach(elements(text), len(text), now)
		return records, rejected, nil
	}
	r, err := newObjectParser(len(text), now).parse(text)
	if err != nil {
		return nil, nil, err
	}
	return []record{r}, nil, nil
}

// elements returns the elements of an array, which is JSON, numbered from 1. null has none.
func elements(array string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		c := lexer{text: array}
		if c.peek() != '[' {
			return
		}
		c.open('[')
		for number := 1; ; number++ {
			if more, _ := c.more(']'); !more {
				return
			}
			if element, _ := c.value(); !yield(number, element) {
				return
			}
		}
	}
}

// parseLines takes one object a line; empty lines are skipped but counted.
func parseLines(body []byte, now time.Time) ([]record, []rejection) {
	text := string(validUTF8(body))
	return parseEach(nonEmptyLines(text), len(text), now)
}

// nonEmptyLines returns the lines of text that hold something, numbered from 1.
func nonEmptyLines(text string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		number := 0
		for line := range strings.Lines(text) {
			number++
			if line = strings.TrimSpace(line); line != "" && !yield(number, line) {
				return
			}
		}
	}
}

// validUTF8 replaces bytes that are no UTF-8: an entry is rather kept so than refused.
func validUTF8(body []byte) []byte {
	if utf8.Valid(body) { // nearly always, and much faster
		return body
	}
	return bytes.ToValidUTF8(body, []byte("\ufffd"))
}

// parseEach makes records of the objects of a body of so many bytes.
func parseEach(objects iter.Seq2[int, string], size int, now time.Time) (records []record, rejected []rejection) {
	p := newObjectParser(size, now)
	records = make([]record, 0, min(size/usualEntry+1, 1024))
	for number, object := range objects {
		r, err := p.parse(object)
		switch {
		case err == nil:
			records = append(records, r)
		case len(rejected) < maxRejections:
			rejected = append(rejected, rejection{Line: number, Detail: err.Error()})
		case len(rejected) == maxRejections:
			rejected = append(rejected, rejection{number, "refused, as are later lines: only so many are listed", 1})
		default:
			rejected[maxRejections].Lines++
		}
	}
	return records, rejected
}

// parseTime reads an RFC 3339 time as Unix nanoseconds, which reach from 1678 to 2262.
func parseTime(s string) (int64, error) {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return 0, fmt.Errorf("%q is not an RFC 3339 time such as 2026-11-20T18:09:03Z", cut(s, 40))
	}
	if t.Before(time.Unix(0, math.MinInt64)) || t.After(time.Unix(0, math.MaxInt64)) {
		return 0, fmt.Errorf("%s is too far from today", s)
	}
	return t.UnixNano(), nil
}
