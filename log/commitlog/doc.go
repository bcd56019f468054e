// Package commitlog keeps records in an append-only log on disk, in the order
// in which they were appended, numbered from 1 without gaps.
//
//	l, err := commitlog.Open("data/grades", commitlog.Options{})
//	first, err := l.Append([]byte("one"), []byte("two")) // on disk when it returns
//	for record, err := range l.Read(first) { … }
//	err = l.Close()
//
// # What it promises
//
// A record whose Append returned nil is on disk, once, at the offset returned,
// after whatever happens next to the process or to the power. A record whose
// Append returned an error other than [ErrStopped] is not in the log and never
// will be. Records of one Append are kept together or not at all. Nobody reads
// a record before it is on disk.
//
// # On disk
//
// A directory holds segments, each named after the offset of its first record:
//
//	00000000000000000001.log   sealed, never written again
//	00000000000000004711.log   active: the last one
//	00000000000000004711-8192.tail   a damaged end, set aside by Open (rare)
//	lock                       held by the process that has the log open
//
// A segment is a sequence of batches. A batch is the unit that is written,
// synced, acknowledged and recovered:
//
//	byte 0   3 bytes  magic C9 67 62 (never found in UTF-8 text)
//	     3   1 byte   version, 1
//	     4   uint32   length of the records in bytes
//	     8   uint32   number of records, at least 1
//	    12   uint32   CRC-32C of all other bytes of the batch
//	    16   uint64   offset of the first record
//	    24   int64    time of the commit, nanoseconds since 1970, UTC
//	    32            the records, each as uvarint length and bytes
//
// Integers are big-endian. There is no index on disk: it is derived at Open,
// which reads and checks every byte.
//
// # Group commit
//
// One goroutine writes. Records that arrive while it syncs a batch make up the
// next batch, which is written after the sync, so that a crash can damage one
// batch only: the last, which nobody was told about.
//
// # Recovery
//
// Open sets an invalid end of the last segment aside in a .tail file, says so
// ([Log.Tail]), and goes on with what is before it. A valid batch after damage,
// or damage in a sealed segment, is no interrupted write but a damaged disk or
// file, and Open refuses with a [*CorruptError]. Two things it cannot see: the
// last segments missing as a whole, and a last segment cut exactly at the end
// of a batch.
//
// # What it refuses to do
//
// It does not know what a record means, changes none, and removes none.
package commitlog
