// Package store keeps a state machine in memory and every change of it in a
// commit log on disk. The log is the truth; the state is a reading of it.
//
//	s, err := store.Open("data/store", newBook(), store.Options{})
//	revision, err := s.Do(ctx, func(b *book, at time.Time) (change, bool, error) {
//		if b.has(id) {
//			return change{}, false, ErrExists
//		}
//		return change{Add: id}, true, nil
//	})
//	err = s.View(func(b *book) { n = b.len() })
//
// # How a change is made
//
//	Do ──▶ queue ──▶ decide ▶ encode ▶ apply ──▶ append, sync ──▶ answer
//	                 └── each queued command ──┘   └─ once for all ─┘
//
// One goroutine takes all commands that are queued. It lets each decide against
// the state that includes those before it, encodes the record and applies it. It
// appends the records of all as one batch, which is one sync, and then answers
// them all. Commands that come during the sync make up the next batch. The two
// take turns: deciding meanwhile would make smaller batches, and a sync costs as
// much computing as a dozen decisions.
//
// A record must come back from JSON as it was: its text is valid UTF-8, and what
// matters of it is exported. Then the state is the same live as after a restart.
//
// # What it promises
//
// A change whose Do returned nil is on disk, once, in the order of revisions,
// whatever happens next to the process or the power. A change whose Do returned
// an error other than [ErrStopped] was not made and never will be. Nobody is
// answered, by Do or View, with a state that a power cut could take back. After
// a write that the disk refused (it is full), the state goes back to what is on
// disk and the store goes on.
//
// # On disk
//
// The directory is that of package commitlog, with snapshots of the state in
// addition: NNN.snapshot is the state at revision NNN, with a checksum. The
// newest two are kept. They only make Open faster: one that is damaged is left
// out with a warning, and all may be deleted while the store is closed. One thing
// they add: a log that ends before the newest snapshot has lost records, and
// Open refuses it.
//
// [Replace] makes a whole store of the records of another, with their own times,
// in DIR.making beside it. Once that is renamed to DIR.replacing, the next Open
// puts it in the place of the directory.
//
// A record is at most [MaxRecord] bytes of JSON {"v":1,"at":time,"r":record}.
package store
