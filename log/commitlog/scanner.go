package commitlog

import (
	"bufio"
	"io"
)

// scanner reads the frames of a part of a file one after the other.
type scanner struct {
	r        *bufio.Reader
	position int64 // of the next frame
	end      int64
	buffer   []byte
}

func newScanner(f File, from, end int64) *scanner {
	size := int(min(64<<10, end-from))
	return &scanner{
		r:        bufio.NewReaderSize(io.NewSectionReader(f, from, end-from), size),
		position: from,
		end:      end,
	}
}

// next returns the next frame, valid until the next call, and its size; io.EOF
// at the end; a damage error, or errTooNew, when what is at s.position is no
// frame; any other error when it could not be read.
func (s *scanner) next() (frame, int, error) {
	room := s.end - s.position
	if room == 0 {
		return frame{}, 0, io.EOF
	}
	if room < headerSize {
		return frame{}, 0, errCutShort
	}
	header, err := s.r.Peek(headerSize)
	if err != nil {
		return frame{}, 0, noEOF(err)
	}
	size, err := frameSize(header, room)
	if err != nil {
		return frame{}, 0, err
	}
	if cap(s.buffer) < size {
		s.buffer = make([]byte, size)
	}
	b := s.buffer[:size]
	if _, err := io.ReadFull(s.r, b); err != nil {
		return frame{}, 0, noEOF(err)
	}
	f, err := parseFrame(b)
	if err != nil {
		return frame{}, 0, err
	}
	s.position += int64(size)
	return f, size, nil
}

// noEOF keeps a file that became shorter from looking like a regular end.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
