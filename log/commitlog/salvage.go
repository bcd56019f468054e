package commitlog

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
)

// piece is a part of a segment's file that is whole: a batch, or a block.
type piece struct {
	first, next uint64 // offsets
	begin, end  int64  // in the file
	bare        bool   // the data of a block, without a valid summary and filter
}

// placed is a valid frame and where it is.
type placed struct {
	frame
	begin, end int64
}

// framesIn returns the valid frames in b, wherever they are. The error is
// errTooNew: this program must not judge what is in b.
func framesIn(b []byte) (found []placed, err error) {
	for pos := 0; pos < len(b); {
		f, rest, err := cutFrame(b[pos:])
		switch {
		case errors.Is(err, errTooNew):
			return nil, err
		case err != nil:
			pos += skip(b[pos:])
		default:
			end := len(b) - len(rest)
			found = append(found, placed{f, int64(pos), int64(end)})
			pos = end
		}
	}
	return found, nil
}

// skip returns how far it is from the start of b, where damage is, to the next
// valid frame, or to the end. Where the header is still good, it does not look into
// the body: a record may hold what looks like a frame.
func skip(b []byte) int {
	if size, ok := headerHolds(b); ok {
		return size
	}
	if i := findFrame(b[1:]); i >= 0 {
		return 1 + i
	}
	return len(b)
}

// headerHolds returns the size of the damaged frame at the start of b, if it is
// followed by one that belongs there.
func headerHolds(b []byte) (size int, ok bool) {
	if len(b) < headerSize {
		return 0, false
	}
	size, err := frameSize(b, int64(len(b)))
	if err != nil {
		return 0, false
	}
	next, _, err := cutFrame(b[size:])
	base := binary.BigEndian.Uint64(b[16:])
	return size, err == nil && (next.base == base || next.base == base+uint64(binary.BigEndian.Uint32(b[8:])))
}

// salvage returns what is whole of a segment with these frames, in the order of
// offsets and without overlap, from first on and below limit.
func salvage(frames []placed, packed bool, first, limit uint64) []piece {
	var pieces []piece
	for i, f := range frames {
		p := piece{f.base, f.next(), f.begin, f.end, false}
		switch {
		case !packed && f.kind == kindBatch:
		case packed && f.kind == kindData:
			if p.bare = i < 2 || !isBlock(frames[i-2], frames[i-1], f); !p.bare {
				p.begin = frames[i-2].begin
			}
		default:
			continue
		}
		pieces = append(pieces, p)
	}
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(a.first, b.first) })
	return slices.DeleteFunc(pieces, func(p piece) bool {
		if p.first < first || p.next > limit {
			return true
		}
		first = p.next
		return false
	})
}

// isBlock reports whether three frames are one block.
func isBlock(summary, filter, data placed) bool {
	same := func(a, b placed) bool { return a.end == b.begin && a.base == b.base && a.count == b.count }
	return summary.kind == kindSummary && filter.kind == kindFilter && same(summary, filter) && same(filter, data)
}

// loss is a hole, which may be empty, and the bytes that were found in its place.
type loss struct {
	Hole
	bytes []byte
}

// losses returns what is between the pieces of b: offsets from first up to limit
// that none of them has, and bytes that belong to none.
func losses(b []byte, pieces []piece, first, limit uint64) (lost []loss) {
	between := map[uint64][]byte{} // by the offset after the piece before them
	end, after := int64(0), first
	inFile := slices.SortedFunc(slices.Values(pieces), func(a, b piece) int { return cmp.Compare(a.begin, b.begin) })
	for _, p := range append(inFile, piece{begin: int64(len(b))}) {
		between[after] = append(between[after], b[end:p.begin]...)
		end, after = p.end, p.next
	}
	for _, p := range append(slices.Clip(pieces), piece{first: limit}) {
		if bytes := between[first]; first < p.first || len(bytes) > 0 {
			lost = append(lost, loss{Hole{first, p.first}, bytes})
		}
		first = p.next
	}
	return lost
}
