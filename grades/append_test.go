package grades

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"
)

// chance returns a pointer to v, or nil.
func chance[T any](rng *rand.Rand, v T) *T {
	if rng.IntN(2) == 0 {
		return nil
	}
	return &v
}

func randomText(rng *rand.Rand) string {
	texts := []string{"", "Quiz 1", `"quoted" \ and <b>&amp;</b>`, "Tomás\u2028Ñandú 🎓", "tab\tand\x7f\x01", "é", "0"}
	return texts[rng.IntN(len(texts))]
}

func randomTime(rng *rand.Rand) time.Time {
	zone := time.FixedZone("", (rng.IntN(27)-13)*1800)
	return time.Unix(rng.Int64N(4e9), rng.Int64N(3)*rng.Int64N(1e9)).In(zone)
}

func randomAssignment(rng *rand.Rand) Assignment {
	return Assignment{
		ID: rng.IntN(100), ClassID: rng.IntN(100), Title: randomText(rng), Category: randomText(rng),
		Points: Score(rng.Int64N(2e8) - 1e8), Due: chance(rng, randomTime(rng)),
		Posted: rng.IntN(2) == 0, NeverDrop: rng.IntN(2) == 0, ExternalID: randomText(rng),
	}
}

func randomValue(rng *rand.Rand) CellValue {
	names := statusNames()
	return CellValue{
		Score: chance(rng, randomScore(rng)), Status: names[rng.IntN(len(names))],
		Submitted: chance(rng, randomTime(rng)), Comment: randomText(rng),
	}
}

// randomScore is of any size with any number of decimals.
func randomScore(rng *rand.Rand) Score {
	score := Score(rng.Int64N(2*maxScore+1) - maxScore)
	for range rng.IntN(13) {
		score /= 10
	}
	for range rng.IntN(13) {
		if score*10 >= -maxScore && score*10 <= maxScore {
			score *= 10
		}
	}
	return score
}

func randomCellChange(rng *rand.Rand) CellChange {
	return CellChange{rng.IntN(9), rng.IntN(9), chance(rng, randomValue(rng)), rng.Uint64N(2) * rng.Uint64(), chance(rng, randomValue(rng))}
}

func randomRecord(rng *rand.Rand) Record {
	r := Record{Action: randomText(rng), Actor: randomText(rng), Undoes: rng.Uint64N(2) * 7, Import: randomText(rng)}
	r.Key = chance(rng, KeyUse{Scope: randomText(rng), Key: "k", Hash: []byte{1, 2}, Status: 201, Body: json.RawMessage(`{"a":1}`)})
	for range rng.IntN(3) {
		r.Classes = append(r.Classes, Change[Class]{New: chance(rng, Class{ID: 1, Title: randomText(rng)})})
		r.Students = append(r.Students, Change[Student]{Old: chance(rng, Student{ID: 2, LastName: randomText(rng)})})
		r.Assignments = append(r.Assignments, Change[Assignment]{chance(rng, randomAssignment(rng)), chance(rng, randomAssignment(rng))})
		r.Enrollments = append(r.Enrollments, EnrollmentChange{1, rng.IntN(9), rng.IntN(2) == 0})
	}
	for range rng.IntN(3) * rng.IntN(200) {
		c := randomCellChange(rng)
		r.Cells.Add(&c)
	}
	r.Version = r.version()
	return r
}

// What is written without reflection is what the struct tags say.
func TestAppendJSON(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		r := randomRecord(rng)
		want, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.AppendJSON(nil)
		if err != nil || string(got) != string(want) {
			t.Fatalf("record:\n got %s (%v)\nwant %s", got, err, want)
		}
		g := StudentGrade{randomText(rng), randomText(rng), Score(rng.Int64N(1e9)), Score(rng.Int64N(1e9)), rng.IntN(9), rng.IntN(9), randomText(rng), rng.Uint64()}
		want, err = json.Marshal(g)
		if got := g.appendJSON(nil); err != nil || string(got) != string(want) {
			t.Fatalf("grade:\n got %s\nwant %s (%v)", got, want, err)
		}
	}
}

func TestAppendJSONReportsWhatCannotBeWritten(t *testing.T) {
	r := Record{Version: recordVersion, Key: &KeyUse{Body: json.RawMessage(`{`)}}
	if got, err := r.AppendJSON(nil); err == nil {
		t.Errorf("got %s, want an error", got)
	}
}
