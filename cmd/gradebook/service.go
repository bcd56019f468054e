package main

import "path/filepath"

// The services in the order of start: each finds there those it needs.
const (
	registry = iota
	logging
	grading
	portal
)

// service is one of the four and how it is started.
type service struct {
	name   string // as the services call each other
	words  string // as people call it
	label  string // before each line it prints
	binary string
	flag   string // of this command: where it listens
	addr   string
	args   []string
}

// fourServices returns the services with their usual addresses.
func fourServices() []*service {
	return []*service{
		registry: {name: "RegistryService", words: "registry", label: "registry", binary: "registryservice", flag: "registry-addr", addr: "localhost:3000"},
		logging:  {name: "LogService", words: "log service", label: "log", binary: "logservice", flag: "log-addr", addr: "localhost:4000"},
		grading:  {name: "GradingService", words: "grading service", label: "grading", binary: "gradingservice", flag: "grading-addr", addr: "localhost:6000"},
		portal:   {name: "TeacherPortal", words: "teachers' portal", label: "portal", binary: "teacherportalservice", flag: "portal-addr", addr: "localhost:5000"},
	}
}

// setArgs gives each service its command line, now that the addresses are
// known. Without sample an empty gradebook stays empty.
func setArgs(services []*service, data string, sample bool) {
	for _, s := range services {
		s.args = []string{"-addr", s.addr, "-registry", "http://" + services[registry].addr, "-data", filepath.Join(data, s.binary)}
	}
	if !sample {
		services[grading].args = append(services[grading].args, "-sample=false")
	}
}
