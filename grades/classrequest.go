package grades

import (
	"fmt"
	"net/http"

	"gradebook/service/web"
)

// classBody is a ClassInput whose numbers are not checked yet.
type classBody struct {
	Title            *string        `json:"title"`
	Term             *string        `json:"term"`
	Weighting        *string        `json:"weighting"`
	Categories       []categoryBody `json:"categories"`
	Scale            []cutoffBody   `json:"scale"`
	BlankPolicy      *string        `json:"blankPolicy"`
	MissingDeduction number         `json:"missingDeduction"`
	LatePolicy       *lateBody      `json:"latePolicy"`
	AllowNegative    *bool          `json:"allowNegative"`
	Archived         *bool          `json:"archived"`
	ExternalID       *string        `json:"externalID"`
}

type categoryBody struct {
	Name        string `json:"name"`
	Weight      number `json:"weight"`
	DropLowest  int    `json:"dropLowest"`
	DropHighest int    `json:"dropHighest"`
}

type cutoffBody struct {
	Letter string `json:"letter"`
	From   number `json:"from"`
}

type lateBody struct {
	IntervalHours int    `json:"intervalHours"`
	Percent       number `json:"percent"`
	Floor         number `json:"floor"`
}

func decodeClass(r *http.Request) (ClassInput, error) {
	var body classBody
	if err := web.Decode(r, &body); err != nil {
		return ClassInput{}, err
	}
	var f faults
	in := body.input(&f)
	return in, f.err()
}

// input is the body with its numbers checked.
func (body *classBody) input(f *faults) ClassInput {
	in := ClassInput{
		Title: body.Title, Term: body.Term, Weighting: body.Weighting, BlankPolicy: body.BlankPolicy,
		MissingDeduction: body.MissingDeduction.score(f, "missingDeduction"),
		AllowNegative:    body.AllowNegative, Archived: body.Archived, ExternalID: body.ExternalID,
	}
	if body.Categories != nil {
		in.Categories = []Category{}
	}
	for i, c := range body.Categories {
		category := Category{Name: c.Name, DropLowest: c.DropLowest, DropHighest: c.DropHighest}
		set(&category.Weight, c.Weight.score(f, fmt.Sprintf("categories[%d].weight", i)))
		in.Categories = append(in.Categories, category)
	}
	if body.Scale != nil {
		in.Scale = []Cutoff{}
	}
	for i, c := range body.Scale {
		from, err := percentDecimals().parse(string(c.From))
		switch field := fmt.Sprintf("scale[%d].from", i); {
		case c.From == "":
			f.add(field, "is not given; give the percentage where the letter begins, such as 90")
		case err != nil:
			f.add(field, "%v", err)
		}
		in.Scale = append(in.Scale, Cutoff{c.Letter, Percent(from)})
	}
	if late := body.LatePolicy; late != nil {
		in.LatePolicy = &LatePolicy{IntervalHours: late.IntervalHours}
		set(&in.LatePolicy.Percent, late.Percent.score(f, "latePolicy.percent"))
		set(&in.LatePolicy.Floor, late.Floor.score(f, "latePolicy.floor"))
	}
	return in
}
