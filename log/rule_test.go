package log

import (
	"log/slog"
	"strings"
	"testing"
)

func TestRules(t *testing.T) {
	tests := []struct{ text, want string }{ // as it is told
		{"count(level>=error, service=GradingService) over 30m > 100", "count(level>=error, service=GradingService) over 30m > 100"},
		{" count ( service=A,level>=Warning )over 90s>=5 ", "count(level>=warn, service=A) over 1m30s >= 5"},
		{"count() over 24h < 1", "count() over 24h < 1"},
		{"count(level=info+2) over 1h30m <= 0", "count(level=info+2) over 1h30m <= 0"},
		{"count(level>=trace) over 1s > 0", "count(level>=trace) over 1s > 0"},
		{`count(q="disk full", instance=a-1) over 1h > 3`, `count(instance=a-1, q="disk full") over 1h > 3`},
		{`count(text="a\"b\u202e") over 5m > 3`, `count(q="a\"b\u202e") over 5m > 3`},
		{`count(service="my service, too") over 5m > 3`, `count(service="my service, too") over 5m > 3`},
		{"count(service=Größe) over 1.5s > 3", "count(service=Größe) over 1.5s > 3"},
		{"silence(service=GradingService) over 5m", "silence(service=GradingService) over 5m"},
	}
	for _, test := range tests {
		r, err := parseRule(test.text)
		if err != nil || r.String() != test.want {
			t.Errorf("%s: got %s, %v; want %s", test.text, r.String(), err, test.want)
			continue
		}
		if again, err := parseRule(r.String()); err != nil || again != r {
			t.Errorf("%s: got %+v, %v; want %+v", r.String(), again, err, r)
		}
	}
}

func TestBadRules(t *testing.T) {
	tests := []struct{ text, want string }{
		{"", "at 1: expected count or silence, found the end"},
		{"counts(level>=error) over 30m > 100", `at 1: expected count or silence, found "counts"`},
		{"count level>=error over 30m > 100", `at 7: expected "(", found "level"`},
		{"count(levle>=error) over 30m > 100", `at 7: expected level, service, instance or q, found "levle"`},
		{"count(level>error) over 30m > 100", `at 12: expected ">=" or "=", found ">"`},
		{"count(level>=loud) over 30m > 100", `at 14: expected debug, info, warn or error, found "loud"`},
		{"count(level>=) over 30m > 100", `at 14: expected debug, info, warn or error, found ")"`},
		{"count(level=error level=warn) over 30m > 100", `at 19: expected "," or ")", found "level"`},
		{"count(level=error, level=warn) over 30m > 100", `at 20: expected each condition once, found "level"`},
		{"count(service=A, service=B) over 30m > 100", `at 18: expected each condition once, found "service"`},
		{"count(service=) over 30m > 100", `at 15: expected the name of a service, found ")"`},
		{"count(service>=A) over 30m > 100", `at 14: expected "=", found ">="`},
		{`count(q="open) over 30m > 100`, `at 9: expected text in quotes, found "\"open) over 30m > 100"`},
		{`count(q="") over 30m > 100`, `at 9: expected text in quotes, found "\"\""`},
		{"count(level=error,) over 30m > 100", `at 19: expected level, service, instance or q, found ")"`},
		{"count(level=error", `at 18: expected "," or ")", found the end`},
		{"count() in 30m > 100", `at 9: expected over and a duration, found "in"`},
		{"count() over soon > 100", `at 14: expected a duration from 1s to 24h, such as 30m, found "soon"`},
		{"count() over 25h > 100", `at 14: expected a duration from 1s to 24h, such as 30m, found "25h"`},
		{"count() over 30m", "at 17: expected a comparison (>, >=, <, <=) and a number, found the end"},
		{"count() over 30m = 5", `at 18: expected a comparison (>, >=, <, <=) and a number, found "="`},
		{"count() over 30m > many", `at 20: expected a whole number from 0 to 1000000000, found "many"`},
		{"count() over 30m > -1", `at 20: expected a whole number from 0 to 1000000000, found "-1"`},
		{"count() over 30m >= 0", `at 21: expected a whole number from 1 to 1000000000, found "0"`},
		{"count() over 30m > 1 or so", `at 22: expected the end, found "or"`},
		{"silence() over 5m", `at 9: expected service, found ")"`},
		{"silence(level=info) over 5m", `at 9: expected service, found "level"`},
		{"silence(service=A, service=B) over 5m", `at 18: expected ")", found ","`},
		{"silence(service=A) over 5m > 1", `at 28: expected the end, found ">"`},
		{"count(\u00e4\u00f6=1) over 5m > 1", "at 7: expected level, service, instance or q, found \"\u00e4\u00f6\""},
		{strings.Repeat("(", maxRule+1), "a rule is at most 1000 bytes"},
	}
	for _, test := range tests {
		if _, err := parseRule(test.text); err == nil || err.Error() != test.want {
			t.Errorf("%s: got %v, want %s", test.text, err, test.want)
		}
	}
}

func FuzzRule(f *testing.F) {
	f.Add(`count(level>=error, service=GradingService, q="a") over 30m > 100`)
	f.Add("silence(service=A) over 5m")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRule(text)
		if err != nil {
			return
		}
		if again, err := parseRule(r.String()); err != nil || again != r {
			t.Errorf("%q: got %+v, %v; want %+v", r.String(), again, err, r)
		}
	})
}

func TestRuleMatches(t *testing.T) {
	line := record{level: slog.LevelError, service: "A", instance: "a1", message: "The disk is full"}
	span := record{kind: kindSpan, level: levelTrace, service: "A"}
	alert := record{kind: kindAlert, level: slog.LevelError, service: "A", message: "disk is full"}
	tests := []struct {
		rule  string
		entry record
		want  bool
	}{
		{"count() over 1m > 0", line, true},
		{"count() over 1m > 0", span, false},
		{"count() over 1m > 0", alert, false},
		{"count(level>=warn) over 1m > 0", line, true},
		{"count(level=warn) over 1m > 0", line, false},
		{"count(level=error) over 1m > 0", line, true},
		{"count(level>=trace) over 1m > 0", span, true},
		{"count(level>=trace) over 1m > 0", alert, false},
		{"count(service=A) over 1m > 0", line, true},
		{"count(service=B) over 1m > 0", line, false},
		{"count(instance=a1) over 1m > 0", line, true},
		{"count(instance=a2) over 1m > 0", line, false},
		{`count(q="DISK IS") over 1m > 0`, line, true},
		{`count(q="disk was") over 1m > 0`, line, false},
		{"silence(service=A) over 1m", line, true},
		{"silence(service=A) over 1m", span, true},
		{"silence(service=A) over 1m", alert, false},
		{"silence(service=B) over 1m", line, false},
	}
	for _, test := range tests {
		r := mustParseRule(t, test.rule)
		f := r.filter()
		if got := f.matches(&test.entry) && r.matches(&test.entry); got != test.want {
			t.Errorf("%s of %+v: got %v, want %v", test.rule, test.entry, got, test.want)
		}
	}
}

func TestRuleFires(t *testing.T) {
	tests := []struct {
		compare string
		want    [3]bool // of 9, 10 and 11
	}{
		{"> 10", [3]bool{false, false, true}},
		{">= 10", [3]bool{false, true, true}},
		{"< 10", [3]bool{true, false, false}},
		{"<= 10", [3]bool{true, true, false}},
	}
	for _, test := range tests {
		r := mustParseRule(t, "count() over 1m "+test.compare)
		if got := [3]bool{r.fires(9), r.fires(10), r.fires(11)}; got != test.want {
			t.Errorf("%s: got %v, want %v", test.compare, got, test.want)
		}
	}
}

func mustParseRule(tb testing.TB, text string) rule {
	tb.Helper()
	r, err := parseRule(text)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}
