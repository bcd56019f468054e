package log

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"mime"
	"strings"
	"time"
	"unicode/utf8"
)

// maxRejections is how many bad lines one answer lists.
const maxRejections = 100

// A rejection tells a sender which line of its body (or element of its array), from 1, was not
// stored and why.
type rejection struct {
	Line   int    `json:"line"`
	Detail string `json:"detail"`
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
	body = validUTF8(body)
	var elements []json.RawMessage
	err := json.Unmarshal(body, &elements)
	if _, malformed := errors.AsType[*json.SyntaxError](err); malformed {
		return nil, nil, fmt.Errorf("not JSON: %w", err)
	}
	if err == nil {
		records, rejected := parseEach(func(yield func(int, []byte) bool) {
			for i, element := range elements {
				if !yield(i+1, element) {
					return
				}
			}
		}, now)
		return records, rejected, nil
	}
	r, err := parseObject(body, now)
	if err != nil {
		return nil, nil, err
	}
	return []record{r}, nil, nil
}

// parseLines takes one object a line; empty lines are skipped but counted.
func parseLines(body []byte, now time.Time) ([]record, []rejection) {
	return parseEach(func(yield func(int, []byte) bool) {
		number := 0
		for line := range bytes.Lines(validUTF8(body)) {
			number++
			if line = bytes.TrimSpace(line); len(line) > 0 && !yield(number, line) {
				return
			}
		}
	}, now)
}

// validUTF8 replaces bytes that are no UTF-8: an entry is rather kept so than refused.
func validUTF8(body []byte) []byte {
	if utf8.Valid(body) { // nearly always, and much faster
		return body
	}
	return bytes.ToValidUTF8(body, []byte("\ufffd"))
}

func parseEach(objects iter.Seq2[int, []byte], now time.Time) (records []record, rejected []rejection) {
	for number, object := range objects {
		r, err := parseObject(object, now)
		switch {
		case err == nil:
			records = append(records, r)
		case len(rejected) < maxRejections:
			rejected = append(rejected, rejection{number, err.Error()})
		case len(rejected) == maxRejections:
			rejected = append(rejected, rejection{number, "refused, as may be later lines: only so many are listed"})
		}
	}
	return records, rejected
}

// parseObject reads one entry; its fields may be unknown or in any letter case, since older and
// newer senders must be understood.
func parseObject(object []byte, now time.Time) (record, error) {
	if len(object) > MaxEntry {
		return record{}, errTooLarge
	}
	var in struct {
		Time, Level, Kind, Service, Instance, Trace, Span string
		Sequence                                          uint64
		Message                                           *string
		Attributes                                        json.RawMessage
	}
	if err := json.Unmarshal(object, &in); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
			return record{}, fmt.Errorf("%s: a %s does not fit here", strings.ToLower(wrong.Field), wrong.Value)
		} else if ok {
			return record{}, fmt.Errorf("an entry is a JSON object, not a %s", wrong.Value)
		}
		return record{}, fmt.Errorf("not JSON: %w", err)
	}
	if in.Message == nil {
		return record{}, errors.New("message: missing")
	}
	for _, f := range []struct {
		name, value string
		most        int
	}{{"service", in.Service, maxName}, {"instance", in.Instance, maxID}, {"trace", in.Trace, maxID}, {"span", in.Span, maxID}} {
		if len(f.value) > f.most {
			return record{}, fmt.Errorf("%s: longer than %d bytes", f.name, f.most)
		}
	}
	r := record{
		time: now.UnixNano(), sequence: in.Sequence, service: in.Service, instance: in.Instance,
		trace: in.Trace, span: in.Span, message: *in.Message,
	}
	if in.Kind == kindSpan.String() {
		r.kind = kindSpan
	}
	var err error
	if r.level, err = parseLevel(in.Level); err != nil {
		return record{}, fmt.Errorf("level: %w", err)
	}
	if in.Time != "" {
		if r.time, err = parseTime(in.Time); err != nil {
			return record{}, fmt.Errorf("time: %w", err)
		}
	}
	r.attributes, err = compactObject(in.Attributes)
	return r, err
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

// compactObject takes attributes without their white space; none, null and {} are the same.
func compactObject(object json.RawMessage) (string, error) {
	if len(object) == 0 || string(object) == "null" {
		return "", nil
	}
	if object[0] != '{' {
		return "", errors.New("attributes: want a JSON object")
	}
	var b bytes.Buffer
	if err := json.Compact(&b, object); err != nil {
		return "", fmt.Errorf("attributes: %w", err)
	}
	if b.Len() == len("{}") {
		return "", nil
	}
	return b.String(), nil
}
