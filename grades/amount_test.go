package grades

import (
	"encoding/json"
	"testing"
)

func TestAmount(t *testing.T) {
	for _, c := range []struct {
		amount Amount
		want   string
	}{
		{Amount{}, "0"},
		{amountOf(Points(70)), "70"},
		{amountOf(-Points(5)), "-5"},
		{amountOf(-1), "-0.000001"},
		{percentOf(1, 1), "0.00000000000001"},
		{Amount{}.minus(percentOf(1, 1)), "-0.00000000000001"},
		{percentOf(Points(1)/3, hundredPercent/3), "0.11111099888889"},
		{amountOf(maxScore).plus(percentOf(maxScore, hundredPercent-1)), "1999999.99"},
	} {
		text, err := json.Marshal(c.amount)
		if err != nil || string(text) != c.want {
			t.Errorf("%s, %v, want %s", text, err, c.want)
		}
		var back Amount
		if err := json.Unmarshal(text, &back); err != nil || back != c.amount {
			t.Errorf("%s is read as %s, %v", text, back, err)
		}
	}
	for _, text := range []string{`"1"`, `1e2`, `1.000000000000001`, `10000000000000000000000000000000000000000`} {
		if err := json.Unmarshal([]byte(text), new(Amount)); err == nil {
			t.Errorf("%s is read as an amount", text)
		}
	}
}
