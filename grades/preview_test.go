package grades

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"gradebook/service/web"
)

func TestPreview(t *testing.T) {
	s := openService(t, t.TempDir())
	newcomer(t, s) // without grades
	before := s.everything(t)
	noDue, due := (*time.Time)(nil), testTime().Add(-time.Hour)
	for _, c := range []struct {
		name      string
		in        PreviewInput
		want      string // student current final > current final, of those who change
		unchanged int
	}{
		{"nothing", PreviewInput{}, "", 6},
		{"what is there already", PreviewInput{ClassInput: ClassInput{Weighting: new(ByPoints)}}, "", 6},
		{"a title", PreviewInput{ClassInput: ClassInput{Title: new("Other")}}, "", 6},
		// quizzes 60 %, homework 40 %
		{"weights", PreviewInput{ClassInput: ClassInput{Weighting: new(Weighted)}},
			"5 Kylee Attwood 97.33 97.33 > 97.60 97.60; 3 Sydnie Barber 47.33 47.33 > 42.60 42.60; 4 Louie Easton 88.33 88.33 > 88.80 88.80; " +
				"2 Marge Garrard 96.00 96.00 > 96.40 96.40; 1 Averill Simen 89.00 89.00 > 89.50 89.50; ", 1},
		{"a scale: only letters change", PreviewInput{ClassInput: ClassInput{Scale: []Cutoff{{"A", 96_50}, {"B", 0}}}},
			"3 Sydnie Barber 47.33F 47.33F > 47.33B 47.33B; 6 New Comer - 0.00F > - 0.00B; 4 Louie Easton 88.33B+ 88.33B+ > 88.33B 88.33B; " +
				"2 Marge Garrard 96.00A 96.00A > 96.00B 96.00B; 1 Averill Simen 89.00B+ 89.00B+ > 89.00B 89.00B; ", 1},
		{"points", PreviewInput{Assignments: []PreviewAssignment{{ID: 2, Points: new(Points(0))}}},
			"5 Kylee Attwood 97.33 97.33 > 146.00 146.00; 3 Sydnie Barber 47.33 47.33 > 71.00 71.00; 4 Louie Easton 88.33 88.33 > 132.50 132.50; " +
				"2 Marge Garrard 96.00 96.00 > 144.00 144.00; 1 Averill Simen 89.00 89.00 > 133.50 133.50; ", 1},
		{"a due date that has passed", PreviewInput{ClassInput{BlankPolicy: new(ZeroOnceDue)}, []PreviewAssignment{{ID: 1, Due: new(&due)}}},
			"6 New Comer - 0.00 > 0.00 0.00; ", 5},
		{"no due date", PreviewInput{ClassInput{BlankPolicy: new(ZeroOnceDue)}, []PreviewAssignment{{ID: 1, Due: &noDue}}}, "", 6},
		{"a category that all move to", PreviewInput{
			ClassInput{Categories: []Category{{"Work", Points(100), 1, 0}}},
			[]PreviewAssignment{{ID: 1, Category: new("Work")}, {ID: 2, Category: new("Work")}, {ID: 3, Category: new("Work"), NeverDrop: new(true)}},
		}, "5 Kylee Attwood 97.33 97.33 > 98.50 98.50; 3 Sydnie Barber 47.33 47.33 > 71.00 71.00; 4 Louie Easton 88.33 88.33 > 88.50 88.50; " +
			"2 Marge Garrard 96.00 96.00 > 94.00 94.00; 1 Averill Simen 89.00 89.00 > 91.00 91.00; ", 1},
	} {
		got, err := s.Preview(t.Context(), 1, c.in)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		text, letters := "", c.in.Scale != nil
		for _, st := range got.Students {
			text += fmt.Sprintf("%d %s %s > %s; ", st.Student, st.Name, totalsText(st.Before, letters), totalsText(st.After, letters))
		}
		if text != c.want || got.Unchanged != c.unchanged || got.Revision != 2 {
			t.Errorf("%s:\ngot  %s and %d unchanged at %d\nwant %s and %d", c.name, text, got.Unchanged, got.Revision, c.want, c.unchanged)
		}
	}
	if after := s.everything(t); after != before {
		t.Errorf("a preview has changed something:\n%s\nbefore\n%s", after, before)
	}
}

func totalsText(t Totals, letters bool) string {
	one := func(t Total) string {
		switch {
		case t.Percent == nil:
			return "-"
		case letters:
			return t.Percent.String() + *t.Letter
		}
		return t.Percent.String()
	}
	return one(t.Current) + " " + one(t.Final)
}

// A preview is refused like the change itself.
func TestPreviewIsRefused(t *testing.T) {
	s := openService(t, t.TempDir())
	before := s.everything(t)
	for _, body := range []string{
		`{`, `{"weight":1}`, `{"title":" "}`, `{"weighting":"none"}`, `{"blankPolicy":""}`, `{"missingDeduction":101}`,
		`{"categories":[]}`, `{"categories":[{"name":"Quiz","weight":-1},{"name":"Homework"}]}`, `{"categories":[{"name":"Quiz"}]}`,
		`{"categories":[{"name":"Quiz","weight":0.1234567},{"name":"Homework"}]}`,
		`{"scale":[{"letter":"B","from":80},{"letter":"A","from":90}]}`, `{"scale":[{"letter":"","from":80.001}]}`, `{"latePolicy":{"percent":10}}`,
	} {
		tried, triedBody := s.request(t, "POST /classes/1/preview", body)
		made, madeBody := s.request(t, "PATCH /classes/1", body)
		if made.StatusCode < 400 || tried.StatusCode != made.StatusCode || triedBody != madeBody {
			t.Errorf("%s: preview %s\n%schange %s\n%s", body, tried.Status, triedBody, made.Status, madeBody)
		}
	}
	for _, c := range []struct {
		path, body    string
		status        int
		field, detail string
	}{
		{"/classes/9/preview", `{}`, 404, "", "there is no class 9"},
		{"/classes/x/preview", `{}`, 404, "", "not the id of any class"},
		{"/classes/1/preview", `{"assignments":[{"points":1}]}`, 422, "assignments[0].id", "is 0, which is no assignment of class 1"},
		{"/classes/1/preview", `{"assignments":[{"id":1},{"id":9}]}`, 422, "assignments[1].id", "is 9, which is no"},
		{"/classes/1/preview", `{"assignments":[{"id":1,"title":"T"}]}`, 400, "title", "not a field"},
		{"/classes/1/preview", `{"assignments":[{"id":1,"points":-1}]}`, 422, "assignments[0].points", "give 0 or more"},
		{"/classes/1/preview", `{"assignments":[{"id":1,"points":1e9}]}`, 422, "assignments[0].points", "out of range"},
		{"/classes/1/preview", `{"assignments":[{"id":1,"category":"Lab"}]}`, 422, "assignments[0].category", "give one of Quiz, Homework"},
		{"/classes/1/preview", `{"assignments":[{"id":1,"due":"tomorrow"}]}`, 422, "assignments[0].due", "is not a time"},
	} {
		resp, body := s.request(t, "POST "+c.path, c.body)
		var p web.Problem
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			t.Fatalf("%s %s: %v in %s", c.path, c.body, err, body)
		}
		if p.Errors == nil {
			p.Errors = []web.FieldError{{Detail: p.Detail}}
		}
		if resp.StatusCode != c.status || p.Errors[0].Field != c.field || !strings.Contains(p.Errors[0].Detail, c.detail) {
			t.Errorf("%s %s: %d, %v; want %d, %q, …%s…", c.path, c.body, resp.StatusCode, p.Errors, c.status, c.field, c.detail)
		}
	}
	if after := s.everything(t); after != before {
		t.Error("a refused preview has changed something")
	}
}

// What a preview says is what the totals are once the change is made.
func TestPreviewComesTrue(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for range 60 {
		b := school(6, 12)
		class := b.classes[0]
		in := PreviewInput{ClassInput: randomSettings(random, class.Class)}
		preview, err := class.preview(in, testTime())
		if err != nil {
			t.Fatal(err)
		}
		old := class.gradebook(testTime()).Totals
		made, err := b.changeClass(1, in.ClassInput)
		if err != nil {
			t.Fatal(err)
		}
		b.Apply(b.revision+1, testTime(), Record{Changes: made.changes})
		changed := make(map[int]bool)
		totals := class.gradebook(testTime()).Totals
		for _, st := range preview.Students {
			changed[st.Student] = true
			if !reflect.DeepEqual(st.Before, old[st.Student]) || !reflect.DeepEqual(st.After, totals[st.Student]) {
				t.Errorf("%s: the preview has %s, the class %s and then %s", mustJSON(t, in), mustJSON(t, st), mustJSON(t, old[st.Student]), mustJSON(t, totals[st.Student]))
			}
		}
		for id := range totals {
			if changed[id] == reflect.DeepEqual(totals[id], old[id]) {
				t.Errorf("%s: student %d, changed %v: from %s to %s", mustJSON(t, in), id, changed[id], mustJSON(t, old[id]), mustJSON(t, totals[id]))
			}
		}
		if preview.Unchanged+len(preview.Students) != len(totals) {
			t.Errorf("%d and %d unchanged of %d", len(preview.Students), preview.Unchanged, len(totals))
		}
	}
}

func randomSettings(random *rand.Rand, class Class) ClassInput {
	in := ClassInput{Categories: append([]Category(nil), class.Categories...)}
	for i := range in.Categories {
		in.Categories[i].Weight = Points(random.IntN(60))
		in.Categories[i].DropLowest = random.IntN(2)
	}
	if random.IntN(2) == 0 {
		in.Weighting = new(ByPoints)
	}
	if random.IntN(2) == 0 {
		in.MissingDeduction = new(Points(random.IntN(101)))
	}
	if random.IntN(2) == 0 {
		in.Scale = []Cutoff{{"high", Percent(random.IntN(50_00) + 50_00)}, {"low", 20_00}}
	}
	return in
}
