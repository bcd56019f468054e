package log

import (
	"strings"
	"testing"
	"time"

	"gradebook/service/web"
)

func TestStorageFlags(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		age         time.Duration
		bytes       int64
		err         string
	}{
		{"max-age", "0", 0, 2048 << 20, ""},
		{"max-age", "720h", 720 * time.Hour, 2048 << 20, ""},
		{"max-age", "-1s", 0, 0, "-max-age is -1s; give a duration"},
		{"max-size", "1", 0, 1 << 20, ""},
		{"max-size", "0", 0, 0, ""},
		{"max-size", "-5", 0, 0, "-max-size is -5; give a number"},
	} {
		o, err := storage(web.Env{Flag: flags(map[string]string{tt.name: tt.value})})
		if err != nil {
			if tt.err == "" || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("-%s %s: %v, want %q", tt.name, tt.value, err, tt.err)
			}
		} else if tt.err != "" || o.MaxAge != tt.age || o.MaxBytes != tt.bytes {
			t.Errorf("-%s %s: %v and %d bytes, want %v and %d, error %q", tt.name, tt.value, o.MaxAge, o.MaxBytes, tt.age, tt.bytes, tt.err)
		}
	}
}

func TestRateFlag(t *testing.T) {
	for _, tt := range []struct {
		value string
		want  int64
		err   string
	}{
		{"250000", 250_000, ""},
		{"0", 0, ""},
		{"-5", 0, "-rate is -5; give a number"},
	} {
		got, err := entryRate(web.Env{Flag: flags(map[string]string{"rate": tt.value})})
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("-rate %s: %d, %v; want %d, error %q", tt.value, got, err, tt.want, tt.err)
		}
	}
}
