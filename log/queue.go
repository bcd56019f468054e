package log

import (
	"bytes"
	"strconv"
	"sync"
)

const (
	maxQueue    = 8 << 20   // bytes of entries that wait in memory
	maxBatch    = 512 << 10 // bytes of one Send, but for a single larger line
	maxSequence = 40        // bytes that the sequence adds to a line
)

// queue holds entries until they are sent or spooled, as lines in the order of their sequence.
type queue struct {
	service, instance string
	full              chan struct{} // holds a token when a batch's worth waits

	mu       sync.Mutex // guards what follows
	lines    []byte
	sequence uint64 // of the last entry, dropped ones included: a gap shows in the log
	dropped  loss   // what follows the last line; not told yet, if it holds an entry
	refused  losses // not told yet
}

// push numbers a line and queues it, or drops it if there is no room: then so are those after it,
// until there is room to tell of all of them. It never waits.
func (q *queue) push(line []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tell()
	q.sequence++
	if q.dropped.entries > 0 || len(q.lines)+len(line) > maxQueue {
		q.dropped.instance = q.instance
		q.dropped.add(q.sequence)
		return
	}
	q.add(line)
}

// add puts the sequence into a line, which is a JSON object with at least one member.
func (q *queue) add(line []byte) {
	q.lines = append(q.lines, `{"sequence":`...)
	q.lines = strconv.AppendUint(q.lines, q.sequence, 10)
	q.lines = append(q.lines, ',')
	q.lines = append(append(q.lines, line[1:]...), '\n')
	if len(q.lines) >= maxBatch {
		select {
		case q.full <- struct{}{}:
		default: // it is known
		}
	}
}

// tell adds the entries that tell of losses, as soon as there is room.
func (q *queue) tell() {
	if len(q.lines) > maxQueue/2 {
		return
	}
	if q.dropped.entries > 0 {
		q.refused = append(q.refused, q.dropped)
		q.dropped = loss{}
	}
	for i := range q.refused {
		q.sequence++
		q.add(q.refused[i].line(q.service, q.instance))
	}
	q.refused = q.refused[:0]
}

// lose takes note of entries that left the queue but were refused.
func (q *queue) lose(batch []byte, refused *refusedError) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.refused.addRefused(batch, refused)
}

// peek returns the lines of the next batch, nil if there is none; they stay valid.
func (q *queue) peek() []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tell()
	n := wholeLines(q.lines, maxBatch)
	return q.lines[:n:n]
}

// discard removes what peek returned.
func (q *queue) discard(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.lines = q.lines[n:]; len(q.lines) == 0 {
		q.lines = nil // what peek returned is never written again
	}
}

// wholeLines returns the size of the lines at the start of b that fit in most bytes, at least
// that of the first if it is whole.
func wholeLines(b []byte, most int) int {
	if n := bytes.LastIndexByte(b[:min(len(b), most)], '\n'); n >= 0 {
		return n + 1
	}
	return bytes.IndexByte(b, '\n') + 1
}
