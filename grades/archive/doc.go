// Package archive writes and reads a whole gradebook, with its history, as one
// ZIP that people can open too.
//
//	README.txt             what this is, for people
//	records/000001.ndjson  every change ever made, oldest first, a line each
//	records/000002.ndjson  …
//	classes/2 Physics.csv  each class as a table, for people; it is not read back
//	manifest.json          what all this is; last, since it holds the checksums
//
// The n-th line of all records is the change of revision n as the store keeps it:
// JSON with the version of its envelope, the time and the change. They are the
// book: whoever applies them in order has it, and has its history.
//
// manifest.json:
//
//	{
//	  "format": "gradebook-archive",
//	  "version": 1,                  // of this layout; a reader refuses a later one
//	  "revision": 4711,              // of the newest change in it
//	  "created": "2026-11-21T20:15:00Z",
//	  "counts": {"classes": 3, …},   // all ever made, also what was removed
//	  "parts": [                     // every other file, in the order of the ZIP
//	    {"name": "records/000001.ndjson", "bytes": 8388412, "sha256": "5b1c…", "first": 1, "records": 4711}
//	  ]
//	}
//
// # What it promises
//
// A [Writer] writes what a [Reader] takes, in memory that does not grow with the
// book: a part holds about 8 MiB, or one change that is larger. Where packing
// makes a part more than 50 times smaller it is left as it is, so that no archive
// of ours looks like a bomb.
//
// A Reader trusts nothing: see package zipfile for the ZIP as such. Every file
// must be in the manifest and every one in the manifest must be there, as long
// and with the checksum that it says. What is refused is a *zipfile.Error that
// names the part. It does not know what a record means.
package archive
