package log

import (
	"errors"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"gradebook/log/commitlog"
	"gradebook/log/commitlog/disktest"
)

func engineOf(t *testing.T, rules ...string) *alertEngine {
	t.Helper()
	e := new(alertEngine)
	for _, text := range rules {
		name, text, _ := strings.Cut(text, ": ")
		e.put(name, mustParseRule(t, text))
	}
	return e
}

// At any point of saving the power may fail, or the disk: then the old file is there, or the new
// one, whole; and when save has returned nil it is the new one.
func TestAlertFileSurvives(t *testing.T) {
	before := engineOf(t, "a: count() over 1m > 2")
	after := engineOf(t, "a: count() over 1m > 2", "b: silence(service=A) over 5m")
	after.alerts[0].firing, after.alerts[0].since = true, time.Unix(100, 0).UTC()
	after.alerts[0].history = []Transition{{time.Unix(100, 0).UTC(), alertFiring, 3}}
	for _, fault := range []error{disktest.ErrCrashed, syscall.ENOSPC, syscall.EIO} {
		for n, done := 1, false; !done; n++ {
			disk := disktest.New()
			if err := errors.Join(disk.MakeDir("data"), disk.SyncDir(".")); err != nil {
				t.Fatal(err)
			}
			file := alertFile{disk, "data"}
			if err := file.save(before.saved()); err != nil {
				t.Fatal(err)
			}
			disk.Intercept(disktest.FailAt(n, fault))
			err := file.save(after.saved())
			done = disk.Ops() < n
			if (err == nil) != done {
				t.Fatalf("%v at operation %d: got %v", fault, n, err)
			}
			file.fs = disk.Restart(nil)
			got, loading := file.load()
			if loading != nil {
				t.Fatalf("%v at operation %d: %v", fault, n, loading)
			}
			isOld, isNew := reflect.DeepEqual(got.saved(), before.saved()), reflect.DeepEqual(got.saved(), after.saved())
			if !isNew && (!isOld || done) {
				t.Errorf("%v at operation %d: got %+v", fault, n, got.saved())
			}
		}
	}
}

func TestAlertFileRefuses(t *testing.T) {
	tests := []struct{ content, want string }{
		{"{", "unexpected end of JSON input"},
		{`{"version":2}`, "it is of version 2, this program knows 1"},
		{`{"version":1,"alerts":[{"name":"a","rule":"count("}]}`, "rule a: at 7: expected level"},
	}
	for _, test := range tests {
		disk := disktest.New()
		disk.Put("data/alerts.json", []byte(test.content))
		_, err := alertFile{disk, "data"}.load()
		if err == nil || !strings.Contains(err.Error(), "the alerts in data/alerts.json: ") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.content, err, test.want)
		}
	}
	if e, err := (alertFile{commitlog.OS(), t.TempDir()}).load(); err != nil || len(e.alerts) != 0 {
		t.Errorf("no file: %v", err)
	}
}
