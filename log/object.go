package log

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// maxNesting is how many objects and arrays an entry may have within each other: a program that
// reads entries must not be led deeper than it can go.
const maxNesting = 100

// objectParser makes records of JSON objects, one after the other. Their strings are pieces of the
// text they were made of, wherever they can be.
//
// Names are taken in any letter case, and the last of those that repeat counts, since older and
// newer senders must be understood. A member that no entry has is an attribute. So that what other
// programs log can be sent as it is, "msg" is the message where there is no other, and "ts" or
// "timestamp" the time.
type objectParser struct {
	now        time.Time // of entries that say none
	lexer      lexer
	sent       sentEntry
	attributes attributes
}

// newObjectParser returns a parser for the objects of a body of so many bytes.
func newObjectParser(body int, now time.Time) *objectParser {
	return &objectParser{now: now, attributes: attributes{members: make([]attribute, 0, 4), room: body}}
}

// parse reads one entry.
func (p *objectParser) parse(object string) (record, error) {
	if len(object) > MaxEntry {
		return record{}, errTooLarge
	}
	p.lexer, p.sent = lexer{text: object}, sentEntry{}
	p.attributes.clear()
	if !p.members() || !p.lexer.end() {
		return record{}, syntaxError(object)
	}
	return p.record()
}

// syntaxError says, in the words of encoding/json, why text is not JSON.
func syntaxError(text string) error {
	return fmt.Errorf("not JSON: %w", json.Unmarshal([]byte(text), new(any)))
}

// members reads the whole object; false if it is not JSON.
func (p *objectParser) members() bool {
	c := &p.lexer
	if c.peek() != '{' {
		raw, ok := c.value()
		if ok && raw != "null" { // which is an object without members
			p.sent.wrong = fmt.Errorf("an entry is a JSON object, not %s", withArticle(jsonType(raw)))
		}
		return ok
	}
	c.open('{')
	for {
		more, ok := c.more('}')
		if !more || !ok {
			return ok
		}
		key, plain, ok := c.key()
		if !ok || !p.member(key, unquote(key, plain)) {
			return false
		}
	}
}

// member reads the value of the member that name means.
func (p *objectParser) member(key, name string) bool {
	f := &p.sent
	switch fieldName(name) {
	case "time":
		return p.text("time", &f.time)
	case "level":
		return p.text("level", &f.level)
	case "kind":
		return p.text("kind", &f.kind)
	case "service":
		return p.text("service", &f.service)
	case "instance":
		return p.text("instance", &f.instance)
	case "trace":
		return p.text("trace", &f.trace)
	case "span":
		return p.text("span", &f.span)
	case "message":
		f.messaged = p.lexer.peek() != 'n'
		return p.text("message", &f.message)
	case "sequence":
		return p.number("sequence", &f.sequence)
	case "attributes":
		f.listed = false
		return p.object()
	}
	return p.attribute(key, name, false)
}

// text reads a string into to, which null leaves as it is.
func (p *objectParser) text(field string, to *string) bool {
	if p.lexer.peek() == '"' {
		inner, plain, ok := p.lexer.string()
		if ok {
			*to = unquote(inner, plain)
		}
		return ok
	}
	raw, ok := p.lexer.value()
	if ok && raw != "null" {
		p.mistyped(field, jsonType(raw))
	}
	return ok
}

// number reads a whole number into to, which null leaves as it is.
func (p *objectParser) number(field string, to *uint64) bool {
	raw, ok := p.lexer.value()
	if !ok || raw == "null" {
		return ok
	}
	n, err := strconv.ParseUint(raw, 10, 64)
	switch kind := jsonType(raw); {
	case err == nil:
		*to = n
	case kind == "number":
		p.mistyped(field, "number "+raw)
	default:
		p.mistyped(field, kind)
	}
	return true
}

func (p *objectParser) mistyped(field, value string) {
	if p.sent.wrong == nil {
		p.sent.wrong = fmt.Errorf("%s: %s does not fit here", field, withArticle(value))
	}
}

// jsonType is what encoding/json calls the type of a value.
func jsonType(raw string) string {
	switch raw[0] {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "bool"
	}
	return "number"
}

// withArticle makes the type of a value a part of a sentence.
func withArticle(kind string) string {
	if strings.ContainsRune("ao", rune(kind[0])) {
		return "an " + kind
	}
	return "a " + kind
}

// object reads the attributes, in the place of those that an earlier member gave.
func (p *objectParser) object() bool {
	c := &p.lexer
	p.attributes.clearInner()
	if c.peek() != '{' {
		raw, ok := c.value()
		p.sent.listed = ok && raw != "null"
		return ok
	}
	c.open('{')
	for {
		more, ok := c.more('}')
		if !more || !ok {
			return ok
		}
		key, plain, ok := c.key()
		if !ok || !p.attribute(key, unquote(key, plain), true) {
			return false
		}
	}
}

func (p *objectParser) attribute(key, name string, inner bool) bool {
	p.lexer.peek()
	p.lexer.spaced = false
	value, ok := p.lexer.value()
	p.attributes.add(attribute{name: name, key: key, value: value, spaced: p.lexer.spaced, inner: inner})
	return ok
}

// record is the entry that was read, if it is one.
func (p *objectParser) record() (record, error) {
	if err := p.check(); err != nil {
		return record{}, err
	}
	f := &p.sent
	r := record{
		time: p.now.UnixNano(), sequence: f.sequence, service: f.service, instance: f.instance,
		trace: f.trace, span: f.span, message: f.message,
	}
	var err error
	if r.level, err = parseLevel(f.level); err != nil {
		return record{}, fmt.Errorf("level: %w", err)
	}
	if f.kind == kindSpan.String() {
		r.kind, r.level = kindSpan, levelTrace // whatever it says: it is no line
	}
	if f.time == "" {
		p.attributes.takeText(func(s string) bool { return setTime(&r.time, s) }, "ts", "timestamp")
	} else if r.time, err = parseTime(f.time); err != nil {
		return record{}, fmt.Errorf("time: %w", err)
	}
	if f.listed {
		return record{}, errors.New("attributes: want a JSON object")
	}
	if p.lexer.most > maxNesting {
		return record{}, fmt.Errorf("attributes: more than %d objects and arrays within each other", maxNesting)
	}
	r.attributes = p.attributes.compact()
	return r, nil
}

// check finds the message, and looks at what needs no parsing.
func (p *objectParser) check() error {
	f := &p.sent
	if f.wrong != nil {
		return f.wrong
	}
	if !f.messaged {
		if f.message, f.messaged = p.attributes.takeText(isAny, "msg"); !f.messaged {
			return errors.New("message: missing")
		}
	}
	return f.checkSizes()
}

func isAny(string) bool { return true }

// setTime sets to, if s is a time.
func setTime(to *int64, s string) bool {
	at, err := parseTime(s)
	if err == nil {
		*to = at
	}
	return err == nil
}
