package log

import "fmt"

// sentEntry is an entry's members, but for its attributes, as they were sent.
type sentEntry struct {
	time, level, kind, service, instance, trace, span, message string
	sequence                                                   uint64
	messaged                                                   bool  // message is set
	wrong                                                      error // of the first member that has a wrong type
	listed                                                     bool  // the attributes are no object
}

// checkSizes bounds what is kept in memory.
func (f *sentEntry) checkSizes() error {
	for _, field := range [...]struct {
		name, value string
		most        int
	}{{"service", f.service, maxName}, {"instance", f.instance, maxID}, {"trace", f.trace, maxID}, {"span", f.span, maxID}} {
		if len(field.value) > field.most {
			return fmt.Errorf("%s: longer than %d bytes", field.name, field.most)
		}
	}
	return nil
}
