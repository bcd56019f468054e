// Command registryservice runs the registry: who is here, who needs whom, who
// is healthy. Start it first.
package main

import (
	"gradebook/registry"
	"gradebook/service"
)

func main() {
	service.Main(service.Spec{
		Name: "RegistryService", Addr: "localhost:3000", Flags: registry.Flags, Open: registry.Open,
		Memory: 192 << 20, // 10,000 services need some 70 MiB, and their coming and going the rest
	})
}
