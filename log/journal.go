package log

import (
	"fmt"
	"slices"

	"gradebook/log/commitlog"
)

// journal is the log itself: entries in a commit log.
type journal struct {
	log       *commitlog.Log
	packer    *packer
	digests   digests
	producers *producers
	encoders  encoders
}

// openJournal opens the log, and learns from it who has sent what.
func openJournal(dir string, o commitlog.Options) (*journal, error) {
	packer := new(packer)
	o.Packer = packer
	l, err := commitlog.Open(dir, o)
	if err != nil {
		return nil, err
	}
	found, err := load(l)
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("open the log in %s: %w", dir, err)
	}
	j := &journal{log: l, packer: packer, producers: newProducers()}
	for _, p := range slices.Backward(found) {
		j.producers.note(p.instance, p.sequence)
	}
	return j, nil
}

// append stores records, without those stored before, and returns those it stored and the offset
// of the first, 0 if there is none. All are on disk when it returns.
func (j *journal) append(records []record) (first uint64, stored []record, err error) {
	stored, claim := j.producers.claim(records)
	defer func() { claim.release(err == nil) }()
	if len(stored) == 0 {
		return 0, nil, nil
	}
	encoded := j.encoders.encode(stored)
	first, err = j.log.Append(encoded.records...)
	j.encoders.free(encoded)
	if err != nil {
		return 0, nil, err
	}
	return first, stored, nil
}

// end returns the offset that the next entry will get.
func (j *journal) end() uint64 {
	_, end := j.log.Bounds()
	return end
}
