package grades

import "testing"

func TestMeant(t *testing.T) {
	five, eight := Points(5), Points(8)
	late := &CellValue{Score: &five, Status: Late, Comment: "first"}
	for _, c := range []struct {
		name string
		said SheetCell
		old  *CellValue
		want CellValue
	}{
		{"a score on nothing", SheetCell{Kind: CellScore, Score: eight}, nil, CellValue{Score: &eight}},
		{"a score keeps what was said of the cell", SheetCell{Kind: CellScore, Score: eight}, late, CellValue{Score: &eight, Status: Late, Comment: "first"}},
		{"a status takes the score away", SheetCell{Kind: CellStatus, Status: Excused}, late, CellValue{Status: Excused, Comment: "first"}},
		{"a comment takes nothing away", SheetCell{Kind: CellStatus, Comment: "second"}, late, CellValue{Score: &five, Status: Late, Comment: "second"}},
		{"a comment on nothing", SheetCell{Kind: CellStatus, Comment: "second"}, nil, CellValue{Comment: "second"}},
		{"an explicit removal", SheetCell{Kind: CellClear}, late, CellValue{}},
	} {
		in := meant(&c.said, c.old)
		if got := (CellValue{in.Score, in.Status, in.Submitted, in.Comment}); !same(got.Score, c.want.Score) || got.Status != c.want.Status || got.Comment != c.want.Comment {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}
