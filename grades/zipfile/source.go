package zipfile

import "io"

// source is the file under a ZIP. It reads so many bytes and no more, until that
// is lifted: archive/zip takes memory for every entry that a directory lists. It
// tells the errors of the disk from what the bytes are to blame for.
type source struct {
	r             io.ReaderAt
	left          int64
	spent, lifted bool
}

// diskError is what reading the file gave.
type diskError struct{ error }

func (e diskError) Unwrap() error { return e.error }

func (s *source) ReadAt(p []byte, at int64) (int, error) {
	if !s.lifted {
		s.left -= int64(len(p))
		s.spent = s.spent || s.left < 0
	}
	if s.spent || at < 0 { // a place that the bytes made up
		return 0, io.ErrUnexpectedEOF
	}
	n, err := s.r.ReadAt(p, at)
	if err != nil && err != io.EOF {
		err = diskError{err}
	}
	return n, err
}
