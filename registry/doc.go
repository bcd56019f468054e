// Package registry knows which services run, who needs whom and who is
// healthy, and tells every service where those are that it needs. It holds the
// registry service itself, the side of it that runs in every other service,
// and the load balancing between providers.
//
//	    service                               registry
//	┌────────────────┐   POST /services    ┌───────────────────────────────┐
//	│ Agent ─────────┼────────────────────▶│ Server                        │
//	│   │  Heartbeat │◀────── GET, 1/s ────┼─ line ──▶ table.step          │
//	│   │  Update    │◀───── POST view ────┼─ (one   ◀─(pure: an event     │
//	│   ▼            │                     │  each)     in, effects out)   │
//	│ View           │   GET /graph        │                               │
//	│   ▲            │◀────────────────────┼─ Client                       │
//	│ Transport ─────┼──▶ another service  └───────────────────────────────┘
//	└────────────────┘
//
// A service registers its URL and the names it needs. From then on the
// registry asks it for a heartbeat every second, and pushes it the view of the
// names it needs whenever that changes. Calls between services go directly
// from one to the other and never through the registry: [Transport] resolves
// http://GradingService/students from the [View], which outlives the registry.
//
// What it promises:
//
//   - A process that died is taken out within milliseconds, because its end of
//     the line breaks, and one that froze within an interval and two timeouts,
//     however many services there are.
//   - Everything is level-triggered. A view is pushed until it is acknowledged,
//     and each heartbeat answer says which revision the service holds, so lost,
//     repeated and reordered pushes are repaired by the next heartbeat.
//   - A registry that restarts, with or without what it knew, takes nobody's
//     providers away: until it has had time to hear from everybody it settles,
//     and what it gives is only added to what is known.
//   - When many services fall silent at once, or the registry itself stood
//     still, nobody is taken out for silence for a while.
//   - It calls only addresses on this machine that belong to the service that
//     registered them.
//   - A call that cannot connect goes to another provider, and one that broke
//     too when repeating it does no harm; what calls find out, the registry
//     hears at once. A stop in order waits until the dependents know, so with a
//     second provider a rolling restart loses no request.
//   - A service that starts while the registry is away knows whom it knew when
//     it ran last.
//
// The registry has faces for others than services: a live page for browsers and
// a table for a terminal at its root, targets for Prometheus, and GET /watch for
// programs that follow the catalogue. A watcher brings its own place, a cursor,
// so one that comes back misses nothing and one that is slow holds up nobody.
//
// Clients of the earlier demo work unchanged: they register without an
// instance, answer heartbeats with an empty body, and apply the added and
// removed lists of a push, which are true for what that client acknowledged.
//
// What it does not do: it keeps no history beyond the latest changes, and it
// does not authenticate anybody; services bind to loopback for that reason.
package registry
