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
	"strings"
	"time"

	"gradebook/grades"
	"gradebook/grades/exchange"
	"gradebook/service/web"
)

// importPatience is for the largest class there may be.
const importPatience = 5 * time.Minute

// upload is a file to import.
type upload struct {
	name    string // for people
	format  string
	title   string // of the class, when the file does not say
	content []byte
}

// generate makes up a class of so many students.
func generate(students int) (upload, error) {
	var content bytes.Buffer
	err := exchange.Generate(&content, students, 1)
	return upload{name: "a generated class", format: "canvas", content: content.Bytes()}, err
}

// readUpload reads a file to import. An error says all that is wrong with it.
func readUpload(name string) (upload, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return upload{}, fmt.Errorf("-import: %w", err)
	}
	u := upload{name: filepath.Base(name), format: recognize(content), content: content}
	if u.format == "" {
		return upload{}, fmt.Errorf("-import %s: this kind of file is not recognized; import it in the portal, which lets you say what it is", name)
	}
	file, err := exchange.Formats()[u.format].Read(bytes.NewReader(content), int64(len(content)), grades.ReadOptions{})
	if refused, ok := errors.AsType[*grades.SheetError](err); ok {
		text := fmt.Sprintf("-import %s: the file cannot be imported, and nothing was started:", name)
		for _, e := range refused.Errors {
			text += fmt.Sprintf("\n  %s: %s", where(e), e.Detail)
		}
		return upload{}, errors.New(text)
	} else if err != nil {
		return upload{}, fmt.Errorf("-import: %w", err)
	}
	if len(file.Questions) > 0 {
		return upload{}, fmt.Errorf("-import %s: %s; import it in the portal, which asks", name, file.Questions[0].Detail)
	}
	if len(file.Sheets) == 1 && file.Sheets[0].Title == "" {
		u.title = strings.TrimSuffix(u.name, filepath.Ext(u.name))
	}
	return u, nil
}

// recognize returns the one format that a file is surely of, or "".
func recognize(content []byte) string {
	head := content[:min(len(content), 64<<10)]
	for name, format := range exchange.Formats() {
		if format.Recognizes(head) {
			return name
		}
	}
	return ""
}

// where names the place of an error for people.
func where(e grades.LineError) string {
	text := fmt.Sprint("line ", e.Line)
	if e.File != "" {
		text = e.File + ", " + text
	}
	if e.Column != "" {
		text += ": " + e.Column
	}
	return text
}

// send imports the file through the grading service at addr and says in words
// what came of it.
func (u upload) send(ctx context.Context, addr string, out *output) {
	ctx, cancel := context.WithTimeout(ctx, importPatience)
	defer cancel()
	out.say("importing %s", u.name)
	report, err := u.post(ctx, addr)
	if err != nil {
		u.refused(err, out)
		return
	}
	for _, class := range report.Classes {
		out.say("%s", inWords(class))
	}
	for _, guess := range report.Guesses {
		out.say("    %s", guess.Detail)
	}
	for _, doubt := range report.Doubts {
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

// post sends the file. An answer that is no success is a *web.Problem.
func (u upload) post(ctx context.Context, addr string) (*grades.ImportReport, error) {
	query := url.Values{"format": {u.format}}
	if u.title != "" {
		query.Set("title", u.title)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/imports?"+query.Encode(), bytes.NewReader(u.content))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/octet-stream")
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

// inWords says what an import did to a class: "imported AAA 2013J: 365 students,
// 6 assignments, 1,631 grades".
func inWords(class grades.ImportClass) string {
	var all, created, changed []string
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
