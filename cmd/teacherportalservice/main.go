// Command teacherportalservice is the teachers' web application and the way
// for browsers to the services behind it.
package main

import (
	"gradebook/portal"
	"gradebook/service"
)

func main() {
	service.Main(service.Spec{
		Name: "TeacherPortal", Addr: "localhost:5000",
		Requires: []string{"GradingService"},
		Optional: []string{"LogService"},
		Open:     portal.Open,
	})
}
