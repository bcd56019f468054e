// Package grades is the gradebook: classes, students, assignments and grades,
// the arithmetic of their totals, and the service and client that give access
// to them.
package grades
