// Command gradingservice keeps classes, students, assignments and grades.
package main

import (
	"gradebook/grades"
	"gradebook/grades/exchange"
	"gradebook/service"
)

func main() {
	service.Main(service.Spec{
		Name: "GradingService", Addr: "localhost:6000",
		Optional: []string{"LogService"},
		Flags:    grades.Flags,
		Instead:  grades.Instead,
		Open:     grades.Open(exchange.Formats()),
	})
}
