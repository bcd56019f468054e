// Package grades is the gradebook: classes, students, assignments and grades,
// the arithmetic of totals, and the service and the client that give access to
// them.
//
//	                 handlers                     Book
//	request ─▶ decode ─▶ command ─▶ decide ──reads──┐
//	                                  │             │
//	                                Record ─▶ store ┴─▶ Apply
//	                                          (disk)
//	answer  ◀─ encode ◀──── once it is on disk ◀─┘
//
// A [Book] is all that is known now. Commands are decided on it by methods that
// only read it and return a [Record], or a fact that speaks against it: a
// [NotFoundError], [InvalidError], [ConflictError] or [StaleError]. One table
// turns those into HTTP problems, and the [Client] turns them back. [Book.Apply]
// makes the changes of a record and is all that ever changes a book, now and when
// it is read again from disk.
//
// # Where things are
//
//	arithmetic tally drop earned …   both totals of a student, in one exact pass
//	explain why reach …              the same pass in words, and what can still be reached
//	preview check statistic spread … what would change; what to look at; how all did
//	decide* …                        commands against the book
//	format sheet* …                  files, as readers and writers of formats have them
//	decideimport import* directory   what a file would do, row by row, and who is meant
//	proposal imports spool …         that, kept on disk until it is applied
//	book cell record append          the present, and what is written of each change
//	cellchanges pack unpack          a million cells of one change, in few bytes
//	snapshot saved restore           the present on disk, saved while it goes on changing
//	history tell undo past compare … readings of the log: who, what, when, and back again
//	feed changes                     the log as a stream, for any number of readers
//	shelf school* follows            all of it as an archive or as files, and an archive in its place
//	*handlers request routes fact    HTTP
//	*client                          the same from the other side
//
// The past is not in memory. A class and a student know the revisions that
// changed them; their records are read from the log, which has the old values too.
// A book as it was is the present with the later records taken back.
//
// # Invariants
//
//   - A [Score] is exact, and a total is rounded once. No grade is a value of
//     its own, never 0. See [CalculateTotals].
//   - A record is one whole change with what was there before: a cell, or an
//     import of thousands. It is made whole or not at all.
//   - Nothing is erased. What is removed is marked and keeps its grades; a cell
//     that is emptied says who emptied it.
//   - Nobody overwrites what they have not seen: a grade that is there is only
//     changed by who names its revision, and nothing is guessed.
//   - An assignment's category is always one of its class's.
//
// # Who and once
//
// The Gradebook-Actor header says in whose name a change is made, "api" without
// one. A POST with an Idempotency-Key is done once and its answer kept for 7
// days, in the same record as the change.
package grades
