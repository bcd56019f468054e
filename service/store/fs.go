package store

import "gradebook/log/commitlog"

// FS is a file system, as in Options, for what a service keeps beside its store.
type FS = commitlog.FS

// File is an open file of an FS.
type File = commitlog.File

// OS returns the file system of the operating system.
func OS() FS { return commitlog.OS() }
