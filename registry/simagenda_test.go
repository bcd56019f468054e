package registry

import "time"

// simAgenda is what is going to happen, and when. Things that fall on the same
// moment happen in the order in which they were planned.
type simAgenda struct {
	now     time.Duration // since the world began
	heap    []simPlan
	planned uint64 // plans so far: the number of the latest
	running uint64 // the number of the plan that is carried out
	done    uint64 // plans carried out: the events of the simulation
}

type simPlan struct {
	at     time.Duration
	number uint64
	do     func()
}

func (p *simPlan) before(q *simPlan) bool {
	return p.at < q.at || p.at == q.at && p.number < q.number
}

// after plans do and returns the number of the plan, by which it can find out
// later that another one has taken its place.
func (a *simAgenda) after(d time.Duration, do func()) uint64 {
	a.planned++
	a.heap = append(a.heap, simPlan{a.now + d, a.planned, do})
	for i := len(a.heap) - 1; i > 0; {
		up := (i - 1) / 2
		if !a.heap[i].before(&a.heap[up]) {
			break
		}
		a.heap[i], a.heap[up] = a.heap[up], a.heap[i]
		i = up
	}
	return a.planned
}

// pass lets d pass, with all that falls into it.
func (a *simAgenda) pass(d time.Duration) {
	end := a.now + d
	for len(a.heap) > 0 && a.heap[0].at <= end {
		p := a.pop()
		a.now, a.running = p.at, p.number
		a.done++
		p.do()
	}
	a.now = end
}

// pop takes the earliest plan out. container/heap would cost more than most
// events do.
func (a *simAgenda) pop() simPlan {
	first, last := a.heap[0], len(a.heap)-1
	moved := a.heap[last]
	a.heap[last] = simPlan{}
	a.heap = a.heap[:last]
	i := 0
	for down := 1; down < last; down = 2*i + 1 {
		if right := down + 1; right < last && a.heap[right].before(&a.heap[down]) {
			down = right
		}
		if !a.heap[down].before(&moved) {
			break
		}
		a.heap[i] = a.heap[down]
		i = down
	}
	if last > 0 {
		a.heap[i] = moved
	}
	return first
}
