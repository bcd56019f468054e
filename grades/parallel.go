package grades

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// inParallel calls do with each number from 0 up to n, once, from at most
// workers goroutines, and returns when all calls have. A panic of do is one of
// the caller's.
func inParallel(workers, n int, do func(i int)) {
	var next atomic.Int64
	var panicked atomic.Pointer[string]
	work := func() {
		defer func() {
			if v := recover(); v != nil {
				panicked.Store(new(fmt.Sprintf("%v, at\n%s", v, debug.Stack())))
			}
		}()
		for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
			do(int(i))
		}
	}
	var all sync.WaitGroup
	for range min(workers, n) - 1 {
		all.Go(work)
	}
	work()
	all.Wait()
	if text := panicked.Load(); text != nil {
		panic(*text)
	}
}
