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
//	00000000000000000001.pack  sealed and packed (only with a Packer)
//	00000000000000004711.log   sealed, never written again
//	00000000000000009000.log   active: the last one
//	00000000000000009000-8192.tail   a damaged end, set aside by Open (rare)
//	00000000000000000120-131.damaged   what was left of records 120 to 130, likewise by a repair
//	lock                       held by the process that has the log open
//
// A segment is a sequence of frames. Those of a raw segment are batches: a batch
// is the unit that is written, synced, acknowledged and recovered. A packed one
// is a sequence of blocks, of up to 4,096 records each, which are three frames:
// summary, filter and data, as the Packer made them.
//
//	byte 0   3 bytes  magic C9 67 62 (never found in UTF-8 text)
//	     3   1 byte   kind: 1 batch, 2 summary, 3 filter, 4 data
//	     4   uint32   length of the body in bytes
//	     8   uint32   number of records, at least 1
//	    12   uint32   CRC-32C of all other bytes of the frame
//	    16   uint64   offset of the first record
//	    24   int64    time of the commit, nanoseconds since 1970, UTC
//	    32            the body; of a batch the records, each as uvarint length and bytes
//
// Integers are big-endian. There is no index on disk: it is derived at Open,
// which reads and checks every byte. Of packed records it keeps the summaries in
// memory, of others where they are.
//
// # Group commit
//
// One goroutine writes. Records that arrive while it syncs a batch make up the
// next batch, which is written after the sync, so that a crash can damage one
// batch only: the last, which nobody was told about.
//
// # Packing and retention
//
// With a [Packer] sealed segments are packed in the background: written aside,
// synced, renamed, and only then is the raw one removed, so that at any time one
// of the two is whole. A log that is busy is left alone as long as it is but 8
// segments behind. Retention removes whole segments, oldest first, each for
// good before the next. Readers open the files they read, and do not notice.
//
// # Recovery
//
// Open sets an invalid end of the last segment aside in a .tail file, says so
// ([Log.Tail]), and goes on with what is before it; on a full disk an unfinished
// batch is cut off first, which makes room for it. A valid batch after damage,
// or damage in a sealed segment, is no interrupted write but a damaged disk or
// file, and Open refuses with a [*CorruptError]. Two things it cannot see: the
// last segments missing as a whole, and a last segment cut exactly at the end
// of a batch.
//
// With Repair, of [Options], it keeps what is whole of a damaged segment at its
// offsets, and moves every other byte to .damaged files. Between segments offsets
// may then be missing: a [Hole], of which the name of such a file tells every
// later Open. Who can do without those records goes on; who cannot restores the
// directory from a backup.
//
// # What it refuses to do
//
// It does not know what a record means, and changes none.
package commitlog
