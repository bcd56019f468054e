package grades

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// What is decided of cells comes back as it was, in few bytes.
func TestCellImports(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 7))
	var list cellImports
	var want []string
	for range 1000 {
		c := cellImport{rng.IntN(1 << rng.IntN(20)), cellOutcome(rng.IntN(int(cellKept) + 1)), chance(rng, randomValue(rng))}
		list.add(c)
		want = append(want, fmt.Sprint(c.column, int(c.what), asJSON(t, c.from)))
	}
	reader := list.reader()
	for i := range want {
		if c := reader.cellImport(); fmt.Sprint(c.column, int(c.what), asJSON(t, c.from)) != want[i] {
			t.Fatalf("%d is %+v, want %s", i, c, want[i])
		}
	}
	list = cellImports{}
	for column := range 100 {
		list.add(cellImport{column: column, what: cellNew})
	}
	if len(list.packed) != 200 {
		t.Errorf("100 new cells take %d bytes", len(list.packed))
	}
}
