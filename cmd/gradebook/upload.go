package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gradebook/grades"
	"gradebook/grades/exchange"
	"gradebook/service/web"
)

// importPatience is for the largest class there may be.
const importPatience = 5 * time.Minute

// partStudents is how many made-up students are imported at a time: three times as
// many would be a larger change than the grading service takes.
const partStudents = 40_000

// upload is a Canvas file to import.
type upload struct {
	name  string   // for people
	title string   // of the class, when the file does not say
	parts [][]byte // files for the same class, one after the other
}

// generate makes up a class of so many students.
func generate(students int) (upload, error) {
	var content bytes.Buffer
	if err := exchange.Generate(&content, students, 1); err != nil {
		return upload{}, err
	}
	u := upload{name: "a generated class"}
	rows := slices.Collect(bytes.Lines(content.Bytes())) // made-up names have no newlines
	for part := range slices.Chunk(rows[2:], partStudents) {
		u.parts = append(u.parts, bytes.Join(slices.Concat(rows[:2], part), nil))
	}
	return u, nil
}

// readUpload reads a file to import. An error says all that is wrong with it.
func readUpload(name string) (upload, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return upload{}, fmt.Errorf("-import: %w", err)
	}
	file, err := exchange.Formats()["canvas"].Read(bytes.NewReader(content), int64(len(content)), grades.ReadOptions{})
	if refused, ok := errors.AsType[*grades.SheetError](err); ok {
		text := fmt.Sprintf("-import %s: the file cannot be imported, and nothing was started:", name)
		for _, e := range refused.Errors {
			text += fmt.Sprintf("\n  line %d: ", e.Line)
			if e.Column != "" {
				text += e.Column + ": "
			}
			text += e.Detail
		}
		return upload{}, errors.New(text)
	} else if err != nil {
		return upload{}, fmt.Errorf("-import: %w", err)
	}
	u := upload{name: filepath.Base(name), parts: [][]byte{content}}
	if file.Sheets[0].Title == "" {
		u.title = strings.TrimSuffix(u.name, filepath.Ext(u.name))
	}
	return u, nil
}

// send imports the file through the grading service at addr and says in words
// what came of it.
func (u upload) send(ctx context.Context, addr string, out *output) {
	ctx, cancel := context.WithTimeout(ctx, importPatience)
	defer cancel()
	out.say("importing %s", u.name)
	var all *grades.ImportReport
	for _, part := range u.parts {
		report, err := u.post(ctx, addr, part)
		if err != nil {
			u.refused(err, out)
			if all != nil {
				out.say("until then it %s", inWords(all))
			}
			return
		}
		all = together(all, report)
	}
	out.say("%s", inWords(all))
	for _, guess := range all.Guesses {
		out.say("    %s", guess.Detail)
	}
	for _, doubt := range all.Doubts {
		out.say("    %s", doubt.Detail)
	}
}

// refused says why the file was not imported.
func (u upload) refused(err error, out *output) {
	out.say("%s was not imported: %v", u.name, err)
	if p, ok := errors.AsType[*web.Problem](err); ok {
		for _, e := range p.Errors {
			out.say("    %s: %s", e.Field, e.Detail)
		}
	}
}

// together adds the report on one more part, which has the same assignments.
func together(all, part *grades.ImportReport) *grades.ImportReport {
	if all == nil {
		return part
	}
	sum, more := &all.Classes[0], part.Classes[0]
	sum.Students.Created += more.Students.Created
	sum.Students.Changed += more.Students.Changed
	sum.Students.Unchanged += more.Students.Unchanged
	sum.Cells.New += more.Cells.New
	sum.Cells.Changed += more.Cells.Changed
	sum.Cells.Unchanged += more.Cells.Unchanged
	return all
}

// post sends a part of the file. An answer that is no success is a *web.Problem.
func (u upload) post(ctx context.Context, addr string, part []byte) (*grades.ImportReport, error) {
	query := url.Values{"format": {"canvas"}}
	if u.title != "" {
		query.Set("title", u.title)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/imports?"+query.Encode(), bytes.NewReader(part))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "text/csv; charset=utf-8")
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return nil, web.ReadProblem(resp)
	}
	report := new(grades.ImportReport)
	return report, json.NewDecoder(resp.Body).Decode(report)
}

// inWords says what an import did: "imported AAA 2013J: 365 students, 6
// assignments, 1,631 grades".
func inWords(r *grades.ImportReport) string {
	var all, created, changed []string
	class := r.Classes[0]
	cells := grades.ImportCounts{Created: class.Cells.New, Changed: class.Cells.Changed, Unchanged: class.Cells.Unchanged}
	for _, c := range []struct {
		thing string
		grades.ImportCounts
	}{{"student", class.Students}, {"assignment", class.Assignments}, {"grade", cells}} {
		all = append(all, count(c.Created+c.Changed+c.Unchanged, c.thing))
		if c.Created > 0 {
			created = append(created, count(c.Created, c.thing))
		}
		if c.Changed > 0 {
			changed = append(changed, count(c.Changed, c.thing))
		}
	}
	text := class.Title + ": " + strings.Join(all, ", ")
	switch {
	case class.Outcome == grades.LineCreated:
		return "imported " + text
	case created == nil && changed == nil:
		return text + ": nothing changed, all of it was there"
	}
	text = "imported " + text
	if created != nil {
		text += "; new: " + strings.Join(created, ", ")
	}
	if changed != nil {
		text += "; changed: " + strings.Join(changed, ", ")
	}
	return text
}
