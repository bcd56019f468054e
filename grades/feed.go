package grades

import (
	"encoding/json"
	"iter"
	"slices"
	"sync"
)

const (
	feedChunk = 256     // changes that are read at once, at most
	feedBytes = 1 << 20 // of changes that are given at once: the first is, however large
	feedKept  = 4 << 20 // bytes of the newest changes that are kept
)

// feedLog is what a feed reads: a store.
type feedLog interface {
	records
	Records(from uint64) iter.Seq2[record, error]
	Revision() uint64
}

// feed gives the changes of the book to any number of readers, in order and
// without gaps. The newest are kept as JSON: each is read and encoded once,
// however many read it. It is safe for concurrent use.
type feed struct {
	log  feedLog
	turn chan struct{} // holds one while somebody reads the log for all

	// mu guards what is kept.
	mu     sync.Mutex
	first  uint64   // revision of recent[0]
	recent [][]byte // consecutive
	size   int      // bytes in it
}

func newFeed(log feedLog) *feed { return &feed{log: log, turn: make(chan struct{}, 1)} }

// after returns changes that follow a revision, as the JSON of a Commit each: at
// most so many, none when there is none yet.
func (f *feed) after(revision uint64, most int) ([][]byte, error) {
	list, old := f.kept(revision, most)
	if list != nil || f.log.Revision() <= revision {
		return list, nil
	}
	chunk := min(feedChunk, most)
	if !old {
		chunk = feedChunk
		f.turn <- struct{}{}
		defer func() { <-f.turn }()
		if list, _ := f.kept(revision, most); list != nil {
			return list, nil // somebody has read them meanwhile
		}
	}
	read, err := f.read(revision+1, chunk)
	if err != nil {
		return nil, err
	}
	if !old {
		f.keep(revision+1, read)
	}
	return read[:min(len(read), most)], nil
}

// kept returns changes after a revision of those that are kept. old says that
// these begin later: whoever catches up reads for himself.
func (f *feed) kept(revision uint64, most int) (list [][]byte, old bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if revision+1 < f.first {
		return nil, true
	}
	skip := revision + 1 - f.first
	if skip >= uint64(len(f.recent)) {
		return nil, false
	}
	size := 0
	for _, c := range f.recent[skip:] {
		if size += len(c); len(list) == most || len(list) > 0 && size > feedBytes {
			break
		}
		list = append(list, c)
	}
	return list, false
}

// keep adds changes from a revision on. Where they do not follow what is kept,
// because nobody has read for a while, they replace it.
func (f *feed) keep(first uint64, list [][]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if first != f.first+uint64(len(f.recent)) {
		f.first, f.recent, f.size = first, nil, 0
	}
	for _, c := range list {
		f.recent, f.size = append(f.recent, c), f.size+len(c)
	}
	drop := 0
	for ; f.size > feedKept && drop < len(f.recent)-1; drop++ {
		f.size -= len(f.recent[drop])
	}
	f.first, f.recent = f.first+uint64(drop), slices.Delete(f.recent, 0, drop)
}

// read reads at most so many changes from the log, one at least if there is one.
func (f *feed) read(from uint64, most int) ([][]byte, error) {
	var list []record
	size := 0
	for r, err := range f.log.Records(from) {
		if err != nil {
			return nil, err
		}
		list, size = append(list, r), size+r.Record.size()
		if len(list) == most || size >= maxHistorySize {
			break
		}
	}
	commits := make([]Commit, len(list))
	err := f.log.View(func(b *Book) {
		for i, r := range list {
			commits[i] = b.commit(r, usual(scope{}))
			commits[i].UndoneBy = 0 // that is another change, which comes later
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([][]byte, len(list))
	for i := range commits {
		if out[i], err = json.Marshal(&commits[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
