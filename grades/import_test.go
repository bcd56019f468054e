package grades

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// plainFormat is a small kind of file: "title T", then "assignments A/10 B/5",
// then "id,first,last,score,score" with EX for excused.
type plainFormat struct{}

func (plainFormat) ContentType() string { return "text/plain" }

func (plainFormat) Write(w io.Writer, g *Gradebook) error {
	_, err := fmt.Fprintf(w, "%s: %d students\n", g.Class.Title, len(g.Students))
	return err
}

func (plainFormat) Read(r io.Reader) (*Sheet, error) {
	sheet := &Sheet{}
	scanner := bufio.NewScanner(r)
	for line := 1; scanner.Scan(); line++ {
		text := scanner.Text()
		if title, ok := strings.CutPrefix(text, "title "); ok {
			sheet.Title = title
			continue
		}
		if list, ok := strings.CutPrefix(text, "assignments "); ok {
			for name := range strings.FieldsSeq(list) {
				title, points, has := strings.Cut(name, "/")
				possible, _ := ParseScore(points)
				sheet.Assignments = append(sheet.Assignments, SheetAssignment{
					Column: len(sheet.Assignments) + 4, Title: title, Points: possible, HasPoints: has,
				})
			}
			continue
		}
		fields := strings.Split(text, ",")
		if len(fields) != 3+len(sheet.Assignments) {
			return nil, &SheetError{[]LineError{{line, "", "has too few cells"}}}
		}
		row := SheetRow{Line: line, ExternalID: fields[0], FirstName: fields[1], LastName: fields[2]}
		for _, cell := range fields[3:] {
			switch {
			case cell == "":
				row.Cells = append(row.Cells, SheetCell{})
			case cell == "EX":
				row.Cells = append(row.Cells, SheetCell{Status: Excused})
			default:
				score, err := ParseScore(cell)
				if err != nil {
					return nil, &SheetError{[]LineError{{line, "", err.Error()}}}
				}
				row.Cells = append(row.Cells, SheetCell{Score: &score})
			}
		}
		sheet.Rows = append(sheet.Rows, row)
	}
	return sheet, scanner.Err()
}
