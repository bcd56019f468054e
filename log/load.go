package log

import (
	"fmt"
	"math"

	"gradebook/log/commitlog"
)

// latest is the highest sequence stored of an instance.
type latest struct {
	instance string
	sequence uint64
}

// loading reads who has sent what, from the newest entries back.
type loading struct {
	found  []latest // who sent last comes first; at most maxProducers
	places map[string]int
}

// load returns the latest of the instances in the log, who sent last first. Of packed entries it
// reads the summaries only. The error is that of the log, or of a record that this program cannot
// read.
func load(l *commitlog.Log) ([]latest, error) {
	loading := loading{places: map[string]int{}}
	for chunk, err := range l.Chunks(math.MaxUint64) {
		if err == nil {
			err = loading.read(chunk)
		}
		if err != nil {
			return nil, err
		}
	}
	return loading.found, nil
}

func (l *loading) read(chunk *commitlog.Chunk) error {
	if chunk.Summary != nil {
		summary := parseSummary(chunk.Summary)
		if sequences, ok := summary.sequences(); ok && !summary.stray() {
			for instance, sequence := range sequences {
				l.note(instance, sequence)
			}
			return nil
		}
	}
	for stored, err := range chunk.Records() {
		if err != nil {
			return err
		}
		r, err := parseFields(stored.Data)
		if err != nil {
			return fmt.Errorf("at offset %d: %w", stored.Offset, err)
		}
		if instance := r.texts[fieldInstance]; len(instance) > 0 && r.sequence > 0 {
			l.note(instance, r.sequence)
		}
	}
	return nil
}

func (l *loading) note(instance []byte, sequence uint64) {
	place, known := l.places[string(instance)]
	switch {
	case known:
		l.found[place].sequence = max(l.found[place].sequence, sequence)
	case len(l.found) < maxProducers:
		l.places[string(instance)] = len(l.found)
		l.found = append(l.found, latest{string(instance), sequence})
	}
}
