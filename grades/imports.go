package grades

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	maxImports     = 100     // at a time
	maxImportBytes = 1 << 30 // of their files and reports, before one is added
	importLife     = 24 * time.Hour
	sweepEvery     = time.Hour
)

// imports are the proposals there are. They are kept on disk for importLife and
// are there again after a restart. It is safe for concurrent use.
type imports struct {
	spool   *spool
	now     func() time.Time
	reading chan struct{} // holds one while a file is read
	ctx     context.Context
	stop    context.CancelFunc
	wg      sync.WaitGroup // of readings and of the sweeper

	mu  sync.Mutex // guards all
	all map[string]*proposal
}

// importKey is what an import that was applied is known by in the book.
func importKey(id string) keyID { return newKeyID("import", id) }

// newImports returns the imports in a directory. What was never finished in it is
// removed.
func newImports(s *spool, now func() time.Time) *imports {
	list := &imports{spool: s, now: now, reading: make(chan struct{}, 1), all: make(map[string]*proposal)}
	list.ctx, list.stop = context.WithCancel(context.Background())
	for _, name := range s.names() {
		if id, ok := strings.CutSuffix(name, ".json"); ok {
			if p, err := list.load(id); err == nil {
				list.all[id] = p
			}
		}
	}
	for _, name := range s.names() {
		if id, _, _ := strings.Cut(name, "."); list.all[id] == nil || strings.HasSuffix(name, aside) {
			s.remove(name)
		}
	}
	return list
}

// load reads what is on disk of a proposal.
func (l *imports) load(id string) (*proposal, error) {
	p := &proposal{spool: l.spool, id: id, done: make(chan struct{})}
	text, err := l.spool.read(p.factsName())
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &p.proposalFacts); err != nil {
		return nil, err
	}
	file, _, err := l.spool.open(p.fileName())
	if err != nil {
		return nil, err
	}
	file.Close()
	for _, name := range []string{p.appliedName(), p.reportName(p.Reading)} {
		if p.head, err = p.readHead(name); err == nil {
			close(p.done)
			return p, nil
		}
		p.head = nil
	}
	return p, nil
}

// start reads again what a stop has interrupted, and sweeps from now on until
// close. Once the service drains, nothing is read any more.
func (l *imports) start(draining <-chan struct{}, read func(p *proposal)) {
	l.wg.Go(func() {
		select {
		case <-draining:
			l.stop()
		case <-l.ctx.Done():
		}
	})
	for _, p := range l.list() {
		if p.head == nil {
			l.wg.Go(func() { read(p) })
		}
	}
	l.wg.Go(func() {
		ticker := time.NewTicker(sweepEvery)
		defer ticker.Stop()
		for {
			l.sweep()
			select {
			case <-ticker.C:
			case <-l.ctx.Done():
				return
			}
		}
	})
}

// close ends what goes on and waits for it. What is being read is read again
// after the next start.
func (l *imports) close() {
	l.stop()
	l.wg.Wait()
}

// sweep removes what is over.
func (l *imports) sweep() {
	for _, p := range l.list() {
		if l.now().Sub(p.Created) >= importLife {
			l.remove(p)
		}
	}
}

// list returns all, the newest first.
func (l *imports) list() []*proposal {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.SortedFunc(maps.Values(l.all), func(a, b *proposal) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.id, b.id))
	})
}

// get returns the one with an id, or a *NotFoundError.
func (l *imports) get(id string) (*proposal, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p := l.all[id]; p != nil {
		return p, nil
	}
	return nil, notFound("import %.40q; imports are kept for a day", id)
}

// remove removes one.
func (l *imports) remove(p *proposal) {
	l.mu.Lock()
	delete(l.all, p.id)
	l.mu.Unlock()
	l.spool.remove(p.factsName()) // without it the rest is nothing
	l.spool.remove(p.id + ".")
}

// receive spools a file that fill writes. The proposal is not among those there
// are until it is added.
func (l *imports) receive(name string, asked ImportOptions, fill func(w io.Writer) (int64, error)) (*proposal, error) {
	p := &proposal{spool: l.spool, id: rand.Text(), done: make(chan struct{})}
	p.proposalFacts = proposalFacts{Name: name, Asked: asked, Created: l.now().UTC().Truncate(time.Millisecond), Reading: 1}
	err := l.spool.prepare(p.fileName(), func(w io.Writer) (err error) {
		p.Size, err = fill(w)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// add puts a proposal among those there are. The oldest that are done with make
// room; without room it is a *ConflictError.
func (l *imports) add(p *proposal) error {
	if err := l.makeRoom(p.Size); err != nil {
		l.discard(p)
		return err
	}
	if err := p.writeFacts(p.proposalFacts); err != nil {
		l.discard(p)
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all[p.id] = p
	return nil
}

// discard removes the file of a proposal that was not added.
func (l *imports) discard(p *proposal) { l.spool.remove(p.id + ".") }

// unlessAdded removes the files of a proposal that is not among those there are.
func (l *imports) unlessAdded(p *proposal) {
	if _, err := l.get(p.id); err != nil {
		l.discard(p)
	}
}

func (l *imports) makeRoom(size int64) error {
	list := l.list()
	count, bytes := len(list), size
	for _, p := range list {
		bytes += p.weight()
	}
	for _, p := range slices.Backward(list) {
		if count < maxImports && bytes <= maxImportBytes {
			return nil
		}
		if state := p.state(); state == ImportApplied || state == ImportRefused {
			l.remove(p)
			count, bytes = count-1, bytes-p.weight()
		}
	}
	if count < maxImports && bytes <= maxImportBytes {
		return nil
	}
	return &ConflictError{Detail: fmt.Sprintf("%d imports of %d bytes wait to be applied; apply one first, or DELETE /imports/{import}", count, bytes-size)}
}

// weight is how many bytes the proposal takes on disk, without the few that say
// what it is. The report of a large file takes several times as much as the file.
func (p *proposal) weight() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.head == nil {
		return p.Size
	}
	return p.Size + p.head.size
}

// state is the proposal's, as far as it knows.
func (p *proposal) state() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.head == nil {
		return ImportReading
	}
	return p.head.Report.State
}
