//go:build linux

package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkLoadStudents is GET /students of the five of the sample class, as
// BenchmarkLoadStudent is of one.
func BenchmarkLoadStudents(b *testing.B) { compareGet(b, "/students") }

// BenchmarkLoadFillCell is POST of a grade into an empty cell of an assignment
// that is there, in classes of 30 with 20 assignments, as teachers enter grades;
// BenchmarkLoadAddGrade makes an assignment with each.
func BenchmarkLoadFillCell(b *testing.B) {
	const students = 7500 // 150,000 cells, more than are filled in the time
	script := filepath.Join(b.TempDir(), "fill.lua")
	lua := fmt.Sprintf(`
local thread = 0
function setup(t) t:set("id", thread); thread = thread + 1 end
local n = 0
request = function()
  local cell = 2 * n + id
  n = n + 1
  return wrk.format("POST", "/students/" .. (6 + cell %% %d) .. "/grades", {["Content-Type"] = "application/json"},
    '{"title":"Item ' .. math.floor(cell / %d) .. '","type":"","score":91.5}')
end`, students, students)
	if err := os.WriteFile(script, []byte(lua), 0o600); err != nil {
		b.Fatal(err)
	}
	limit := limits(b)
	for b.Loop() {
		compare(b, "rate-ratio", func() (ours, theirs float64) {
			grading := startLoad(b, binary(gradingService), alone(b)...)
			for _, err := range newSchool(b, grading.url, students, func(*school, *schoolClass) {}).odd {
				b.Fatal(err)
			}
			ours = grading.wrk(b, "/", script).rate
			grading.stop()
			durable := startLoad(b, limit, "-file", filepath.Join(b.TempDir(), "durable"))
			defer durable.stop()
			return ours, durable.wrk(b, "/", script).rate
		})
	}
}
