package exchange

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gradebook/grades"
)

// zipRows are the rows of all files of a ZIP, by file and id.
func zipRows(t *testing.T, data []byte) map[string][]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, f := range z.File {
		if f.Name == manifestFile {
			continue
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		list, err := csv.NewReader(in).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range list[1:] {
			rows[f.Name+" "+row[0]] = row
		}
	}
	return rows
}

// later changes a school: students leave, grades and titles change, things go and
// come.
func later(random *rand.Rand, books []*grades.Gradebook) []*grades.Gradebook {
	var list []*grades.Gradebook
	for _, b := range books {
		after := *b
		if random.IntN(5) == 0 {
			continue
		}
		if len(b.Students) > 0 && random.IntN(2) == 0 {
			gone := b.Students[0].ID
			after.Students = b.Students[1:]
			after.Cells = slices.DeleteFunc(slices.Clone(b.Cells), func(g grades.Grade) bool { return g.Student == gone })
		}
		after.Cells = slices.Clone(after.Cells)
		for i := range after.Cells {
			if random.IntN(3) == 0 {
				after.Cells[i].Status, after.Cells[i].Score = grades.Excused, nil
			}
		}
		if random.IntN(2) == 0 {
			after.Class.Title += " B"
		}
		list = append(list, &after)
	}
	return list
}

// A delta makes what is of what was, and says no more than that.
func TestOneRosterDeltaRoundTrip(t *testing.T) {
	for seed := range uint64(100) {
		random := rand.New(rand.NewPCG(seed, 2))
		f := oneRoster{[]string{"1.1", "1.2"}[seed%2]}
		before := hostileSchool(random)
		for _, b := range before {
			for i := range b.Assignments {
				b.Assignments[i].ExternalID = "" // those that two share are whose class comes first
			}
		}
		after := later(random, before)
		var delta bytes.Buffer
		if err := f.WriteDelta(&delta, before, after, time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
		got := zipRows(t, written(t, f, before))
		for key, row := range zipRows(t, delta.Bytes()) {
			switch {
			case row[2] != "2026-10-01T00:00:00.000Z":
				t.Fatalf("%s is of %s", key, row[2])
			case row[1] == "tobedeleted":
				delete(got, key)
			case row[1] == "active":
				row[1], row[2] = "", ""
				if slices.Equal(got[key], row) {
					t.Fatalf("%s has not changed, and is in the delta", key)
				}
				got[key] = row
			}
		}
		want := zipRows(t, written(t, f, after))
		if !maps.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("seed %d: what was, with the delta, is not what is", seed)
		}
		o := grades.ReadOptions{ClassOf: func(string) (string, bool) { return "c", true }}
		if _, err := readZip(f, delta.Bytes(), o); err != nil && !strings.Contains(errorLines(err), "has no class") {
			t.Fatalf("seed %d: %s", seed, errorLines(err))
		}
	}
}

func TestOneRosterDeltaOfNothing(t *testing.T) {
	books := hostileSchool(rand.New(rand.NewPCG(1, 1)))
	var delta bytes.Buffer
	if err := (oneRoster{"1.2"}).WriteDelta(&delta, books, books, time.Now()); err != nil {
		t.Fatal(err)
	}
	if rows := zipRows(t, delta.Bytes()); len(rows) != 0 {
		t.Errorf("%d rows: %v", len(rows), rows)
	}
	_, err := readZip(oneRoster{"1.2"}, delta.Bytes(), grades.ReadOptions{})
	if got := errorLines(err); !strings.Contains(got, "nothing has changed in any class") {
		t.Errorf("got %s", got)
	}
}
