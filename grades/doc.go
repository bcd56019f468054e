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
// turns those into HTTP problems. [Book.Apply] makes the changes of a record and
// is all that ever changes a book, now and when it is read again from disk.
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
