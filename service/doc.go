// Package service is the chassis of our services: it starts an HTTP server,
// registers it, ships its logs and stops it in order. It composes the packages
// around it and stays small; what a service does is in the App that its Open
// returns.
//
//	func main() {
//		service.Main(service.Spec{
//			Name: "GradingService", Addr: "localhost:6000",
//			Optional: []string{"LogService"}, Open: grades.Open(exchange.Formats()),
//		})
//	}
//
// A life, in order; it ends in the reverse:
//
//	flags → listen → log handler → open → serve → register
//
// It listens before it registers, so that the registry's first push cannot
// miss it, and it binds loopback addresses only, until there is transport
// security and sign-in.
//
// A stop loses no request while there is another provider: the service
// deregisters, waits until its dependents have heard of it and their last
// requests have come, and only then stops accepting. POST /drain does the same
// ahead of a stop, and says what is left.
//
// Every request is traced, through all services that have a part in it. What goes
// wrong or is slow is recorded, and of the rest so many a second; what is recorded
// goes to the log service as lines do.
//
// Two services are also parts of the chassis. The registry's own process learns
// who provides what from its table directly, and the log service's own lines go
// to its store directly; everyone else does both over HTTP.
package service
