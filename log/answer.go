package log

import (
	"context"
	"encoding/json"
	"strconv"
	"time"
)

// maxAnswer is the most bytes of records in one answer, unless a single one is larger.
const maxAnswer = 4 << 20

// find returns entries that match f, newest first, as many as fit in an answer, and whether there
// are older ones.
func (j *journal) find(ctx context.Context, f *filter) (entries []found, more bool, err error) {
	size := 0
	for r, err := range j.scan(ctx, f) {
		if err != nil {
			return nil, false, err
		}
		if size += r.size(); len(entries) == f.limit || len(entries) > 0 && size > maxAnswer {
			return entries, true, nil
		}
		entries = append(entries, r)
	}
	return entries, false, nil
}

// query is find for those who want entries.
func (j *journal) query(ctx context.Context, f *filter) (entries []Entry, more bool, err error) {
	all, more, err := j.find(ctx, f)
	for _, r := range all {
		entries = append(entries, r.entry(r.offset))
	}
	return entries, more, err
}

// get returns the entry at an offset; false if there is none.
func (j *journal) get(ctx context.Context, offset uint64) (found, bool, error) {
	f := newFilter()
	f.after, f.before = offset-1, offset+1
	for r, err := range j.scan(ctx, &f) {
		return r, err == nil, err
	}
	return found{}, false, nil
}

// appendEntries writes entries, one after the other, with separators between.
func appendEntries(b []byte, entries []found, separator byte) []byte {
	for i := range entries {
		if i > 0 {
			b = append(b, separator)
		}
		b = appendEntry(b, entries[i].offset, &entries[i].record)
	}
	return b
}

// appendEntry writes an entry as the JSON that [Entry] has: from the record as it is, whose
// attributes are JSON already.
func appendEntry(b []byte, offset uint64, r *record) []byte {
	b = strconv.AppendUint(append(b, `{"offset":`...), offset, 10)
	b = append(b, `,"time":"`...)
	b = time.Unix(0, r.time).UTC().AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","level":"`...)
	b = append(append(b, levelName(r.level)...), '"')
	b = appendMember(b, `,"kind":`, r.kind.String())
	b = appendMember(b, `,"service":`, r.service)
	b = appendMember(b, `,"instance":`, r.instance)
	if r.sequence != 0 {
		b = strconv.AppendUint(append(b, `,"sequence":`...), r.sequence, 10)
	}
	b = appendJSONString(append(b, `,"message":`...), r.message)
	b = appendMember(b, `,"trace":`, r.trace)
	b = appendMember(b, `,"span":`, r.span)
	if r.attributes != "" {
		b = append(append(b, `,"attributes":`...), r.attributes...)
	}
	return append(b, '}')
}

// appendMember writes a member of an object unless it is empty.
func appendMember(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return appendJSONString(append(b, name...), value)
}

// appendJSONString writes what encoding/json does.
func appendJSONString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(s) // of a string, it cannot fail
			return append(b, quoted...)
		}
	}
	b = append(append(b, '"'), s...)
	return append(b, '"')
}
