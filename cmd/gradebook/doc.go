// Command gradebook runs the whole system on one machine: the registry, the
// log service, the grading service and the teachers' portal, each a process of
// its own, started in that order and stopped in the reverse.
//
//	go run ./cmd/gradebook
//	go run ./cmd/gradebook -import class.csv
//
// It uses the four binaries that lie beside its own, and builds them when they
// do not. One that stops by itself is named, shown with its last lines and
// started again. Ctrl-C stops all four in order; a second Ctrl-C kills them.
//
// The four never outlive it: each has as its standard input a pipe that only
// this process can write to, and GRADEBOOK_STOP_ON_EOF=1 in its environment,
// so that even after a kill -9 of the launcher they see the end of their input
// and stop in order.
package main
