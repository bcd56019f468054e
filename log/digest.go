package log

import (
	"sync"

	"gradebook/log/commitlog"
)

// maxDigests is how many raw chunks are known; there are only so many for a moment, until they are
// packed.
const maxDigests = 1024

// digest is what a block of the records of a raw chunk would have beside its data.
type digest struct {
	next    uint64 // offset after the chunk
	summary summary
	filter  []byte // nil: nobody asked yet
}

// digests keeps digests of the chunks that are not packed yet, so that a query does not read them
// in vain time and again.
type digests struct {
	mu    sync.Mutex // guards known
	known map[uint64]digest
}

// find returns the digest of a chunk, if it is known.
func (d *digests) find(chunk *commitlog.Chunk) (digest, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	found, ok := d.known[chunk.First]
	return found, ok && found.next == chunk.Next
}

func (d *digests) keep(chunk *commitlog.Chunk, made digest) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil || len(d.known) == maxDigests {
		d.known = map[uint64]digest{}
	}
	d.known[chunk.First] = made
}

// digest makes the digest of records, with the filter if somebody asks for it.
func (p *packing) digest(next uint64, filter bool) digest {
	d := digest{next: next, summary: parseSummary(appendSummary(nil, p.records))}
	if filter {
		d.filter = p.filter()
	}
	return d
}
