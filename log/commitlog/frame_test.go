package commitlog

import (
	"testing"
	"time"
)

// A batch with a good checksum that no version of this package wrote.
func TestParseFrameChecksRecords(t *testing.T) {
	for _, tt := range []struct {
		name    string
		records string
		count   uint32
		ok      bool
	}{
		{"good", "\x01a\x00", 2, true},
		{"no records", "", 0, false},
		{"bytes but no records", "\x01a", 0, false},
		{"too few", "\x01a", 2, false},
		{"too many", "\x01a\x01b", 1, false},
		{"longer than the batch", "\x02a", 1, false},
		{"endless length", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 1, false},
		{"huge length", "\xff\xff\xff\xff\xff\xff\xff\xff\x7fa", 1, false},
	} {
		b := append(make([]byte, headerSize), tt.records...)
		seal(b, kindBatch, 1, tt.count, time.Unix(0, 0))
		if _, err := parseFrame(b); (err == nil) != tt.ok {
			t.Errorf("%s: %v, want ok %v", tt.name, err, tt.ok)
		}
	}
}

func TestFrameSize(t *testing.T) {
	for _, tt := range []struct {
		header string
		room   int64
		want   int
	}{
		{magic + "\x01\x00\x00\x00\x03", 35, 35},
		{magic + "\x01\x00\x00\x00\x03", 34, 0},
		{magic + "\x01\xff\xff\xff\xff", 1 << 40, 0},
		{"none\x00\x00\x00\x03", 35, 0},
	} {
		if got, err := frameSize([]byte(tt.header), tt.room); got != tt.want || (err == nil) != (tt.want > 0) {
			t.Errorf("frameSize(%q, %d) = %d, %v, want %d", tt.header, tt.room, got, err, tt.want)
		}
	}
}
