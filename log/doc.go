// Package log is central logging: a service that keeps the entries of all services in one commit
// log and answers queries about them, and the client that the services log with.
package log
