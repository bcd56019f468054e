package exchange

import (
	"fmt"
	"slices"
	"strings"

	"gradebook/grades"
)

// rosterScale is a scale of letters.
type rosterScale struct {
	class int32
	title string
}

// scoreScale reads the scale of a class.
func (r *roster) scoreScale(t *rosterTable) {
	class := r.classOf(t, "classSourcedId")
	t.number(len(r.scales))
	r.scales = append(r.scales, rosterScale{int32(class), t.get("title")})
	c := r.classes[class]
	list, err := readScale(t.get("scoreScaleValue"))
	switch {
	case t.removed():
		r.doubts.add(t.name, t.line, "status", "the scale is to be deleted, and stays in the book: a class has one always")
	case err != nil:
		r.doubts.add(t.name, t.line, "scoreScaleValue", "left out: %v", err)
	case c.scaleLine != 0:
		r.doubts.add(t.name, t.line, "classSourcedId", "left out: line %d gives the class a scale already, and it can have one", c.scaleLine)
	default:
		c.scale, c.scaleLine = list, t.line
	}
}

// itemScale and resultScale read which scale a line item and a result have. The
// book has one for each class.
func (r *roster) itemScale(t *rosterTable) {
	item, ok := t.find("lineItems", t.get("lineItemSourcedId"))
	r.ownScale(t, ok, func() int32 { return r.items[item].class })
}

func (r *roster) resultScale(t *rosterTable) {
	r.ownScale(t, false, nil)
}

func (r *roster) ownScale(t *rosterTable, known bool, class func() int32) {
	scale, ok := t.find("scoreScales", t.get("scoreScaleSourcedId"))
	if !ok || !known || r.scales[scale].class != class() {
		r.doubts.add(t.name, t.line, "scoreScaleSourcedId", "left out: the book has one scale for all of a class")
	}
}

// readScale reads "{A:94},{B:84}", from high to low.
func readScale(text string) ([]grades.Cutoff, error) {
	var list []grades.Cutoff
	text = strings.TrimSpace(text)
	inner, begins := strings.CutPrefix(text, "{")
	inner, ends := strings.CutSuffix(inner, "}")
	if !begins || !ends {
		return nil, notAScale(text)
	}
	for part := range strings.SplitSeq(strings.ReplaceAll(inner, "}, {", "},{"), "},{") {
		at := strings.LastIndex(part, ":")
		if at < 0 {
			return nil, notAScale(text)
		}
		var from grades.Percent
		if err := from.UnmarshalJSON([]byte(strings.TrimSpace(part[at+1:]))); err != nil {
			return nil, notAScale(text)
		}
		list = append(list, grades.Cutoff{Letter: unescapeScale(strings.TrimSpace(part[:at])), From: from})
	}
	slices.SortStableFunc(list, func(a, b grades.Cutoff) int { return int(b.From - a.From) })
	return list, nil
}

func notAScale(text string) error {
	return fmt.Errorf("%.60q is no scale of letters, each with the lowest percentage that gets it, such as {A:90},{B:80},{F:0}", text)
}

// writeScale writes a scale so that readScale reads it back.
func writeScale(list []grades.Cutoff) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = "{" + escapeScale(c.Letter) + ":" + c.From.String() + "}"
	}
	return strings.Join(parts, ",")
}

// A letter may have what separates letters; that is then written as in URLs.
func escapeScale(letter string) string {
	return strings.NewReplacer("%", "%25", "{", "%7B", "}", "%7D", ":", "%3A", ",", "%2C").Replace(letter)
}

func unescapeScale(letter string) string {
	return strings.NewReplacer("%25", "%", "%7B", "{", "%7D", "}", "%3A", ":", "%2C", ",").Replace(letter)
}
