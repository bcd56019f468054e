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

// JSONSchema is for the service's document.
func (number) JSONSchema() map[string]any {
	return map[string]any{"type": []string{"number", "null"}}
}

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

// JSONSchema is for the service's document.
func (moment) JSONSchema() map[string]any {
	return map[string]any{"type": []string{"string", "null"}, "format": "date-time"}
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

// gradeBody is the body of POST /students/{id}/grades.
type gradeBody struct {
	Title string `json:"title" api:"needed"`
	Type  string `json:"type"`
	Score number `json:"score" api:"needed"`
	Class int    `json:"class"`
}

// DecodeField makes gradeBody a web.FieldDecoder.
func (b *gradeBody) DecodeField(name, value []byte) (known bool, err error) {
	switch string(name) {
	case "title":
		err = web.DecodeString(value, &b.Title)
	case "type":
		err = web.DecodeString(value, &b.Type)
	case "score":
		err = b.Score.UnmarshalJSON(value)
	case "class":
		err = json.Unmarshal(value, &b.Class)
	default:
		return false, nil
	}
	return true, err
}

func decodeGrade(r *http.Request) (GradeInput, error) {
	var body gradeBody
	if err := web.Decode(r, &body); err != nil {
		return GradeInput{}, err
	}
	var f faults
	in := GradeInput{Title: body.Title, Type: body.Type, Class: body.Class}
	if score := body.Score.score(&f, "score"); score != nil {
		in.Score = *score
	} else {
		f.add("score", "is not given; give a number such as 91.5")
	}
	return in, f.err()
}

// cellBody is what a CellInput writes, unchecked.
type cellBody struct {
	Score     number `json:"score"`
	Status    string `json:"status"`
	Submitted moment `json:"submitted"`
	Comment   string `json:"comment"`
}

func decodeCell(r *http.Request) (CellInput, error) {
	var body cellBody
	if err := web.Decode(r, &body); err != nil {
		return CellInput{}, err
	}
	var f faults
	in := CellInput{
		Score: body.Score.score(&f, "score"), Status: body.Status,
		Submitted: body.Submitted.time(&f, "submitted"), Comment: body.Comment,
	}
	return in, f.err()
}

// batchBody is a BatchInput, unchecked.
type batchBody struct {
	Atomic *bool `json:"atomic"` // absent: true
	Cells  []struct {
		Student    int    `json:"student"`
		Assignment int    `json:"assignment"`
		Score      number `json:"score"`
		Status     string `json:"status"`
		Submitted  moment `json:"submitted"`
		Comment    string `json:"comment"`
		Revision   uint64 `json:"revision"`
	} `json:"cells" api:"needed"`
}

func decodeBatch(r *http.Request) (BatchInput, error) {
	var body batchBody
	if err := web.Decode(r, &body); err != nil {
		return BatchInput{}, err
	}
	var f faults
	in := BatchInput{Atomic: body.Atomic == nil || *body.Atomic}
	for i, c := range body.Cells {
		prefix := fmt.Sprintf("cells[%d].", i)
		in.Cells = append(in.Cells, CellInput{
			Student: c.Student, Assignment: c.Assignment,
			Score: c.Score.score(&f, prefix+"score"), Status: c.Status,
			Submitted: c.Submitted.time(&f, prefix+"submitted"), Comment: c.Comment,
			Revision: c.Revision,
		})
	}
	return in, f.err()
}

// assignmentBody is an AssignmentInput, unchecked.
type assignmentBody struct {
	Title      *string `json:"title"`
	Category   *string `json:"category"`
	Points     number  `json:"points"`
	Due        moment  `json:"due"`
	Posted     *bool   `json:"posted"`
	NeverDrop  *bool   `json:"neverDrop"`
	ExternalID *string `json:"externalID"`
}

func decodeAssignment(r *http.Request) (AssignmentInput, error) {
	var body assignmentBody
	if err := web.Decode(r, &body); err != nil {
		return AssignmentInput{}, err
	}
	var f faults
	in := AssignmentInput{
		Title: body.Title, Category: body.Category, Points: body.Points.score(&f, "points"),
		Posted: body.Posted, NeverDrop: body.NeverDrop, ExternalID: body.ExternalID,
	}
	if due := body.Due.time(&f, "due"); body.Due.given {
		in.Due = &due
	}
	return in, f.err()
}
