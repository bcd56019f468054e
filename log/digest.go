package log

import (
	"maps"
	"sync"

	"gradebook/log/commitlog"
)

// maxDigests is how many raw chunks are known. There are rarely more than some hundred, as they are
// packed in their turn.
const maxDigests = 4096

// digest is what a block of the records of a raw chunk would have beside its data.
type digest struct {
	next    uint64 // offset after the chunk
	summary summary
	filter  []byte // nil: nobody asked yet
}

// digests keeps digests of the chunks that are not packed yet, so that a query does not read them
// in vain time and again.
type digests struct {
	mu     sync.Mutex // guards what follows
	known  map[uint64]digest
	packed uint64 // records below it were packed when somebody looked
}

// find returns the digest of a chunk, if it is known.
func (d *digests) find(chunk *commitlog.Chunk) (digest, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found, ok := d.known[chunk.First]
	return found, ok && found.next == chunk.Next
}

// keep adds a digest, in the place of any other if there are too many.
func (d *digests) keep(chunk *commitlog.Chunk, made digest) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[uint64]digest{}
	}
	for first := range d.known {
		if len(d.known) < maxDigests {
			break
		}
		delete(d.known, first)
	}
	d.known[chunk.First] = made
}

// forget drops what is known of chunks below an offset, which are packed now.
func (d *digests) forget(below uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if below <= d.packed {
		return
	}
	d.packed = below
	maps.DeleteFunc(d.known, func(first uint64, _ digest) bool { return first < below })
}

// digest makes the digest of records, with the filter if somebody asks for it.
func (p *packing) digest(next uint64, filter bool) digest {
	d := digest{next: next, summary: parseSummary(appendSummary(nil, p.records))}
	if filter {
		d.filter = p.filter()
	}
	return d
}
