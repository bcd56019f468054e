package log

import (
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// parseRule reads a rule. The error says at which character, from 1, what was expected.
func parseRule(text string) (rule, error) {
	if len(text) > maxRule {
		return rule{}, fmt.Errorf("a rule is at most %d bytes", maxRule)
	}
	p := ruleParser{source: text, rest: text, rule: rule{level: slog.LevelDebug}}
	p.next()
	if err := p.parse(); err != nil {
		return rule{}, err
	}
	return p.rule, nil
}

// ruleParser reads a rule token by token.
type ruleParser struct {
	source string
	rest   string // after token
	token  string // "" at the end
	rule
}

// isNoRuleWord reports whether c cannot be in a word: a name, a level, a duration or a number.
func isNoRuleWord(c rune) bool {
	return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("-_.:/+", c)
}

// next moves to the next token: a word, a string in quotes, a comparison or one other character.
func (p *ruleParser) next() {
	p.rest = strings.TrimSpace(p.rest)
	end := strings.IndexFunc(p.rest, isNoRuleWord)
	switch {
	case end < 0:
		end = len(p.rest)
	case end == 0 && p.rest[0] == '"':
		quoted, err := strconv.QuotedPrefix(p.rest)
		if end = len(quoted); err != nil {
			end = len(p.rest)
		}
	case end == 0:
		_, end = utf8.DecodeRuneInString(p.rest)
		if strings.HasPrefix(p.rest, ">=") || strings.HasPrefix(p.rest, "<=") {
			end = 2
		}
	}
	p.token, p.rest = p.rest[:end], p.rest[end:]
}

// expected is the error for the present token.
func (p *ruleParser) expected(what string) error {
	at := len(p.source) - len(p.rest) - len(p.token)
	found := "the end"
	if p.token != "" {
		found = strconv.Quote(cut(p.token, 40))
	}
	return fmt.Errorf("at %d: expected %s, found %s", 1+utf8.RuneCountInString(p.source[:at]), what, found)
}

// take moves over one of the tokens; or it is an error that names them.
func (p *ruleParser) take(what string, tokens ...string) (string, error) {
	token := p.token
	if !slices.Contains(tokens, token) {
		return "", p.expected(what)
	}
	p.next()
	return token, nil
}

func (p *ruleParser) parse() error {
	function, err := p.take("count or silence", "count", "silence")
	if err != nil {
		return err
	}
	p.silent = function == "silence"
	if err := p.conditions(); err != nil {
		return err
	}
	if _, err := p.take("over and a duration", "over"); err != nil {
		return err
	}
	if err := p.parseWindow(); err != nil {
		return err
	}
	if !p.silent {
		if err := p.comparison(); err != nil {
			return err
		}
	}
	if p.token != "" {
		return p.expected("the end")
	}
	return nil
}

// conditions reads what is in the brackets.
func (p *ruleParser) conditions() error {
	if _, err := p.take(`"("`, "("); err != nil {
		return err
	}
	if p.token == ")" && !p.silent {
		p.next()
		return nil
	}
	for {
		if err := p.condition(); err != nil {
			return err
		}
		what, ends := `"," or ")"`, []string{",", ")"}
		if p.silent {
			what, ends = `")"`, ends[1:]
		}
		end, err := p.take(what, ends...)
		if err != nil || end == ")" {
			return err
		}
	}
}

func (p *ruleParser) condition() error {
	what, names := "level, service, instance or q", []string{"level", "service", "instance", "q", "text"}
	if p.silent {
		what, names = "service", names[1:2]
	}
	start := *p
	name, err := p.take(what, names...)
	if err != nil {
		return err
	}
	if name == "level" {
		return p.parseLevel(&start)
	}
	return p.parseText(name, &start)
}

// parseText reads a condition that is an equality, after its name.
func (p *ruleParser) parseText(name string, start *ruleParser) error {
	field, most, what := &p.rule.text, maxRule, "text in quotes"
	switch name {
	case "service":
		field, most, what = &p.service, maxName, "the name of a service"
	case "instance":
		field, most, what = &p.instance, maxID, "the name of an instance"
	}
	if *field != "" {
		return start.expected("each condition once")
	}
	if _, err := p.take(`"="`, "="); err != nil {
		return err
	}
	value := p.token
	if strings.HasPrefix(value, `"`) {
		value, _ = strconv.Unquote(value) // what is no string is empty
	} else if strings.ContainsFunc(value, isNoRuleWord) {
		value = ""
	}
	if value == "" || len(value) > most {
		return p.expected(what)
	}
	*field = value
	p.next()
	return nil
}

func (p *ruleParser) parseLevel(start *ruleParser) error {
	if p.leveled {
		return start.expected("each condition once")
	}
	comparison, err := p.take(`">=" or "="`, ">=", "=")
	if err != nil {
		return err
	}
	level, err := parseLevel(p.token)
	if err != nil || p.token == "" {
		return p.expected("debug, info, warn or error")
	}
	p.level, p.leveled, p.exactly = level, true, comparison == "="
	p.next()
	return nil
}

func (p *ruleParser) parseWindow() error {
	window, err := time.ParseDuration(p.token)
	if err != nil || window < minWindow || window > longestRule {
		return p.expected("a duration from 1s to 24h, such as 30m")
	}
	p.window = window
	p.next()
	return nil
}

func (p *ruleParser) comparison() (err error) {
	if p.compare, err = p.take("a comparison (>, >=, <, <=) and a number", ">", ">=", "<", "<="); err != nil {
		return err
	}
	threshold, err := strconv.Atoi(p.token)
	least := 0
	if p.compare == ">=" || p.compare == "<" {
		least = 1 // a count is never below 0
	}
	if err != nil || threshold < least || threshold > maxThreshold {
		return p.expected(fmt.Sprintf("a whole number from %d to %d", least, maxThreshold))
	}
	p.threshold = threshold
	p.next()
	return nil
}
