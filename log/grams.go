package log

import "bytes"

const (
	shortGram  = 3 // every one is in the filter, so that it tells of words
	longGram   = 6 // in each window of so many, one is in the filter, so that it tells of ids
	gramWindow = 5

	bitsPerKey = 6
	probes     = 4
	leastShare = 8       // a filter takes at most so small a part of the texts, however many keys they have
	maxTable   = 1 << 18 // slots that are kept for the next block
)

// grams makes the filter of a block: a set of keys, of which some more seem to be in it. The keys
// are of parts of the texts that are searched, and of trace ids.
//
// Of the longer parts it has, in any window of consecutive ones, that with the lowest hash. So a
// text of at least gramWindow+longGram-1 bytes, wherever it is found, has a window of its own and in
// it the part that was chosen.
type grams struct {
	table []uint64 // hash table of the keys; 0 is free
	keys  []uint64
	fresh []uint64 // of one entry
	shown []byte
	bytes int // of all texts
}

func (g *grams) reset() {
	if len(g.table) > maxTable {
		*g = grams{}
	}
	clear(g.table)
	g.keys, g.bytes = g.keys[:0], 0
}

// addTrace adds a trace id as a whole.
func (g *grams) addTrace(trace []byte) {
	if len(trace) > 0 {
		g.fresh = appendTraceKeys(g.fresh[:0], trace)
		g.bytes += len(trace)
		g.add(g.fresh)
	}
}

// addEntry adds what a search looks at.
func (g *grams) addEntry(message, attributes []byte) {
	g.shown = appendShown(g.shown[:0], message, attributes)
	g.bytes += len(g.shown)
	plain := bytes.HasPrefix(g.shown, message)
	g.fresh = appendKeys(g.fresh[:0], lower(g.shown))
	if !plain {
		g.fresh = appendKeys(g.fresh, lower(bytes.Clone(message)))
	}
	g.add(g.fresh)
}

func (g *grams) add(keys []uint64) {
	for _, key := range keys {
		if 2*len(g.keys) >= len(g.table) {
			g.grow()
		}
		if slot := g.slot(key); g.table[slot] == 0 {
			g.table[slot] = key
			g.keys = append(g.keys, key)
		}
	}
}

// slot returns where key is or would be.
func (g *grams) slot(key uint64) uint64 {
	mask := uint64(len(g.table) - 1)
	slot := key >> 16 & mask
	for g.table[slot] != 0 && g.table[slot] != key {
		slot = (slot + 1) & mask
	}
	return slot
}

func (g *grams) grow() {
	g.table = make([]uint64, max(1<<14, 2*len(g.table)))
	for _, key := range g.keys {
		g.table[g.slot(key)] = key
	}
}

// filter returns the keys as a Bloom filter.
func (g *grams) filter() []byte {
	filter := make([]byte, min((len(g.keys)*bitsPerKey+7)/8, g.bytes/leastShare+8))
	for _, key := range g.keys {
		for i := range probes {
			bit := probe(key, i, len(filter))
			filter[bit/8] |= 1 << (bit % 8)
		}
	}
	return filter
}

// holds reports whether all keys may be in the filter: never no if they are.
func holds(filter []byte, keys []uint64) bool {
	if len(filter) == 0 {
		return len(keys) == 0
	}
	for _, key := range keys {
		for i := range probes {
			if bit := probe(key, i, len(filter)); filter[bit/8]>>(bit%8)&1 == 0 {
				return false
			}
		}
	}
	return true
}

// probe returns the i-th bit of key in a filter of size bytes.
func probe(key uint64, i, size int) uint64 {
	hash := uint32(key) + uint32(i)*(uint32(key>>32)|1)
	return uint64(hash) * uint64(8*size) >> 32
}

// appendKeys appends the keys of a text in lower case. Those of a part of the text, if that has
// any, are among them.
func appendKeys(keys []uint64, text []byte) []uint64 {
	gram := uint64(0)
	for i, c := range text {
		if gram = gram<<8 | uint64(c); i >= shortGram-1 {
			keys = append(keys, hash(gram&(1<<(8*shortGram)-1)))
		}
	}
	return appendLongKeys(keys, text)
}

// appendLongKeys appends, for each window, the lowest hash of its grams; consecutive ones often have
// the same.
func appendLongKeys(keys []uint64, text []byte) []uint64 {
	start, gram := len(keys), uint64(0)
	for i, c := range text {
		if gram = gram<<8 | uint64(c); i >= longGram-1 {
			keys = append(keys, hash(gram<<(64-8*longGram)|longGram))
		}
	}
	hashes, lowest := keys[start:], uint64(0)
	n := 0 // of hashes, which are replaced as they are not needed any more
	for i := 0; i+gramWindow <= len(hashes); i++ {
		w, last := (*[gramWindow]uint64)(hashes[i:]), lowest
		lowest = min(w[0], w[1], w[2], w[3], w[4])
		if hashes[n] = lowest; lowest != last {
			n++
		}
	}
	return keys[:start+n]
}

// appendTraceKeys appends two keys, since nothing else tells of a trace.
func appendTraceKeys(keys []uint64, trace []byte) []uint64 {
	all := uint64(len(trace))
	for _, c := range trace {
		all = hash(all ^ uint64(c))
	}
	return append(keys, hash(all^1<<56), hash(all^2<<56))
}

// hash spreads x over 64 bits; it is never 0.
func hash(x uint64) uint64 {
	x *= 0x9E3779B97F4A7C15
	x ^= x >> 32
	return max(x, 1)
}
