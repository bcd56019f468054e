// Command logservice keeps the log lines of all services.
package main

import (
	"gradebook/log"
	"gradebook/service"
)

func main() {
	service.Main(service.Spec{Name: "LogService", Addr: "localhost:4000", Flags: log.Flags, Open: log.Open})
}
