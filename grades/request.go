package grades

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"gradebook/service/web"
)

// number is the text of a JSON number, "" when it is absent or null. What it
// may be is checked later, where its field is known.
type number string

func (n *number) UnmarshalJSON(text []byte) error {
	switch c := text[0]; {
	case c == '-' || '0' <= c && c <= '9':
		*n = number(text)
	case c != 'n':
		return wrongType(c, reflect.TypeFor[float64]())
	}
	return nil
}

// score returns the number as a score, nil when it is absent.
func (n number) score(f *faults, field string) *Score {
	if n == "" {
		return nil
	}
	s, err := ParseScore(string(n))
	if err != nil {
		f.add(field, "%v", err)
	}
	return &s
}

// moment is the text of a time, "" for null.
type moment struct {
	given bool
	text  string
}

func (m *moment) UnmarshalJSON(text []byte) error {
	m.given = true
	if c := text[0]; c != '"' && c != 'n' {
		return wrongType(c, reflect.TypeFor[string]())
	}
	return json.Unmarshal(text, &m.text)
}

// time returns the moment, nil when it is null or absent.
func (m moment) time(f *faults, field string) *time.Time {
	if m.text == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, m.text)
	if err != nil {
		f.add(field, "%.40q is not a time; give one such as 2026-11-20T23:59:00Z", m.text)
	}
	return &t
}

// wrongType is what encoding/json reports; it adds the field.
func wrongType(first byte, want reflect.Type) error {
	name, ok := map[byte]string{'"': "string", '{': "object", '[': "array", 't': "bool", 'f': "bool"}[first]
	if !ok {
		name = "number"
	}
	return &json.UnmarshalTypeError{Value: name, Type: want}
}

func decodeGrade(r *http.Request) (in GradeInput, err error) {
	var body struct {
		GradeInput
		Score number `json:"score"`
	}
	if err := web.Decode(r, &body); err != nil {
		return in, err
	}
	var f faults
	if body.Score == "" {
		f.add("score", "is not given; give a number such as 91.5")
	}
	if score := body.Score.score(&f, "score"); score != nil {
		body.GradeInput.Score = *score
	}
	return body.GradeInput, f.err()
}

// cellBody is a cell without what says which it is.
type cellBody struct {
	Score     number `json:"score"`
	Status    string `json:"status"`
	Submitted moment `json:"submitted"`
	Comment   string `json:"comment"`
}

func (c *cellBody) input(f *faults, prefix string) CellInput {
	return CellInput{
		Score: c.Score.score(f, prefix+"score"), Status: c.Status,
		Submitted: c.Submitted.time(f, prefix+"submitted"), Comment: c.Comment,
	}
}

func decodeCell(r *http.Request) (CellInput, error) {
	var body cellBody
	if err := web.Decode(r, &body); err != nil {
		return CellInput{}, err
	}
	var f faults
	in := body.input(&f, "")
	return in, f.err()
}

func decodeBatch(r *http.Request) (in BatchInput, err error) {
	var body struct {
		Atomic *bool `json:"atomic"`
		Cells  []struct {
			cellBody
			Student    int    `json:"student"`
			Assignment int    `json:"assignment"`
			Revision   uint64 `json:"revision"`
		} `json:"cells"`
	}
	if err := web.Decode(r, &body); err != nil {
		return in, err
	}
	var f faults
	in.Atomic = body.Atomic == nil || *body.Atomic
	for i := range body.Cells {
		c := &body.Cells[i]
		cell := c.input(&f, fmt.Sprintf("cells[%d].", i))
		cell.Student, cell.Assignment, cell.Revision = c.Student, c.Assignment, c.Revision
		in.Cells = append(in.Cells, cell)
	}
	return in, f.err()
}

func decodeAssignment(r *http.Request) (in AssignmentInput, err error) {
	var body struct {
		AssignmentInput
		Points number `json:"points"`
		Due    moment `json:"due"`
	}
	if err := web.Decode(r, &body); err != nil {
		return in, err
	}
	var f faults
	in = body.AssignmentInput
	in.Points = body.Points.score(&f, "points")
	if due := body.Due.time(&f, "due"); body.Due.given {
		in.Due = &due
	}
	return in, f.err()
}

func decodeClass(r *http.Request) (in ClassInput, err error) {
	var body struct {
		ClassInput
		Categories []struct {
			Category
			Weight number `json:"weight"`
		} `json:"categories"`
		Scale []struct {
			Cutoff
			From number `json:"from"`
		} `json:"scale"`
		MissingDeduction number `json:"missingDeduction"`
		LatePolicy       *struct {
			LatePolicy
			Percent number `json:"percent"`
			Floor   number `json:"floor"`
		} `json:"latePolicy"`
	}
	if err := web.Decode(r, &body); err != nil {
		return in, err
	}
	var f faults
	in = body.ClassInput
	in.MissingDeduction = body.MissingDeduction.score(&f, "missingDeduction")
	if body.Categories != nil {
		in.Categories = []Category{}
	}
	for i, c := range body.Categories {
		set(&c.Category.Weight, c.Weight.score(&f, fmt.Sprintf("categories[%d].weight", i)))
		in.Categories = append(in.Categories, c.Category)
	}
	if body.Scale != nil {
		in.Scale = []Cutoff{}
	}
	for i, c := range body.Scale {
		field := fmt.Sprintf("scale[%d].from", i)
		from, err := percentDecimals().parse(string(c.From))
		if err != nil {
			f.add(field, "%v", err)
		}
		in.Scale = append(in.Scale, Cutoff{c.Letter, Percent(from)})
	}
	if late := body.LatePolicy; late != nil {
		set(&late.LatePolicy.Percent, late.Percent.score(&f, "latePolicy.percent"))
		set(&late.LatePolicy.Floor, late.Floor.score(&f, "latePolicy.floor"))
		in.LatePolicy = &late.LatePolicy
	}
	return in, f.err()
}
