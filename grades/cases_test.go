package grades

import (
	"cmp"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"math/big"
	"os"
	"testing"
)

// totalsCase is a case of testdata/totals.json: the rules, a student's marks in
// the notation of readMark, and the totals as they are shown, each with the
// formula in percent by which it was worked out by hand.
type totalsCase struct {
	Name, Weighting, Categories, Marks string
	Rules                              json.RawMessage // of the class, where they are not the usual ones
	Current, CurrentByHand             string          // "" is no grade
	Final, FinalByHand                 string          // the formula is "" where it is the current one's
}

func TestTotalsCases(t *testing.T) {
	text, err := os.ReadFile("testdata/totals.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []totalsCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 60 {
		t.Errorf("there are %d cases", len(cases))
	}
	for _, c := range cases {
		class := classOf(t, c.Weighting, c.Categories)
		if len(c.Rules) > 0 {
			if err := json.Unmarshal(c.Rules, class); err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
		}
		assignments, grades := readMarks(t, c.Marks)
		e := Explain(class, assignments, grades, today())
		for _, total := range []struct {
			name         string
			got          ExplainedTotal
			want, byHand string
		}{{"current", e.Current, c.Current, c.CurrentByHand}, {"final", e.Final, c.Final, cmp.Or(c.FinalByHand, c.CurrentByHand)}} {
			if got := total.got.text(); got != total.want {
				t.Errorf("%s: %s total %s, want %s", c.Name, total.name, got, total.want)
			}
			if total.got.Percent != nil && exactly(t, total.got.Exact).Cmp(byHand(t, total.byHand)) != 0 {
				t.Errorf("%s: %s total is exactly %s, want %s", c.Name, total.name, total.got.Exact, total.byHand)
			}
		}
	}
}

// byHand works out a formula such as "(45/50*20 + 8)/2" in rationals.
func byHand(t *testing.T, formula string) *big.Rat {
	t.Helper()
	expression, err := parser.ParseExpr(formula)
	if err != nil {
		t.Fatalf("%s: %v", formula, err)
	}
	return rational(t, expression)
}

func rational(t *testing.T, e ast.Expr) *big.Rat {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		return exactly(t, e.Value)
	case *ast.ParenExpr:
		return rational(t, e.X)
	case *ast.UnaryExpr:
		return new(big.Rat).Neg(rational(t, e.X))
	case *ast.BinaryExpr:
		x, y := rational(t, e.X), rational(t, e.Y)
		switch e.Op {
		case token.ADD:
			return x.Add(x, y)
		case token.SUB:
			return x.Sub(x, y)
		case token.MUL:
			return x.Mul(x, y)
		case token.QUO:
			return x.Quo(x, y)
		}
	}
	t.Fatalf("%T is not in the formulas", e)
	return nil
}
