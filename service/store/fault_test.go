package store_test

import (
	"errors"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// failing makes every operation of a name fail.
func failing(name string, err error) func(disktest.Op) error {
	return func(op disktest.Op) error {
		if op.Name == name {
			return err
		}
		return nil
	}
}

func TestFullDisk(t *testing.T) {
	disk := disktest.New()
	s := mustOpen(t, "store", store.Options{FS: disk, Fatal: func(err error) { t.Errorf("Fatal(%v)", err) }})
	mustSay(t, s, "a", "b")
	disk.Intercept(failing("write", syscall.ENOSPC))
	for range 2 {
		if revision, err := say(s, "c"); revision != 0 || !errors.Is(err, syscall.ENOSPC) || errors.Is(err, store.ErrStopped) {
			t.Errorf("full disk: %d, %v, want 0, ENOSPC and not ErrStopped", revision, err)
		}
		wantWords(t, s, "1:a 2:b")
	}
	disk.Intercept(nil)
	mustSay(t, s, "d")
	wantWords(t, s, "1:a 2:b 3:d")
	s.Close()
	wantWords(t, mustOpen(t, "store", store.Options{FS: disk}), "1:a 2:b 3:d")
}

func TestStops(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault func(disktest.Op) error
	}{
		{"sync fails", failing("sync", syscall.EIO)},
		{"write fails and then the log cannot be read", func(op disktest.Op) error {
			if op.Name == "write" || op.Name == "read" {
				return syscall.EIO
			}
			return nil
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			disk := disktest.New()
			fatal := make(chan error, 10)
			var s *bookStore
			s = mustOpen(t, "store", store.Options{FS: disk, Fatal: func(err error) {
				s.Close() // it may
				fatal <- err
			}})
			mustSay(t, s, "a")
			disk.Intercept(tt.fault)
			_, err := say(s, "b")
			if !errors.Is(err, store.ErrStopped) || !errors.Is(err, syscall.EIO) {
				t.Errorf("Do: %v, want ErrStopped and EIO", err)
			}
			disk.Intercept(nil)
			for range 2 {
				if _, err := say(s, "c"); !errors.Is(err, store.ErrStopped) {
					t.Errorf("next Do: %v, want ErrStopped", err)
				}
				if _, err := look(s); !errors.Is(err, store.ErrStopped) {
					t.Errorf("View: %v, want ErrStopped", err)
				}
			}
			if got := <-fatal; got != err {
				t.Errorf("Fatal got %v, want %v", got, err)
			}
			s.Close()
			if len(fatal) > 0 {
				t.Error("Fatal was called again")
			}
			if len(snapshots(t, disk)) > 0 {
				t.Error("a stopped store has written a snapshot")
			}
		})
	}
}

// held is a store in a synctest bubble whose syncs wait for sync.
type held struct {
	*bookStore
	disk  *disktest.Disk
	sync  chan error
	syncs int
}

func openHeld(t *testing.T) *held {
	disk := disktest.New()
	s, err := open("store", store.Options{FS: disk})
	if err != nil {
		t.Fatal(err)
	}
	h := &held{bookStore: s, disk: disk, sync: make(chan error)}
	disk.Intercept(func(op disktest.Op) error {
		if op.Name != "sync" {
			return nil
		}
		h.syncs++
		return <-h.sync
	})
	return h
}

// background calls f and lets it come as far as it can.
func background(results chan<- error, f func() error) {
	go func() { results <- f() }()
	synctest.Wait()
}

func (h *held) say(text string) error {
	_, err := say(h.bookStore, text)
	return err
}

// What a View or a Do has seen is on disk when it returns, and when that fails,
// so do they.
func TestNobodyIsAnsweredBeforeTheSync(t *testing.T) {
	for _, tt := range []struct {
		name    string
		outcome error
	}{
		{"synced", nil},
		{"sync fails", syscall.EIO},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := openHeld(t)
				results := make(chan error, 4)
				deciding := make(chan struct{})
				background(results, func() error { // holds the loop until all are queued
					_, err := h.Do(t.Context(), func(*book, time.Time) (word, bool, error) {
						<-deciding
						return word{"a"}, true, nil
					})
					return err
				})
				for _, refusal := range []error{nil, errRefused} {
					background(results, func() error {
						_, err := h.Do(t.Context(), func(*book, time.Time) (word, bool, error) { return word{}, false, refusal })
						if err == errRefused {
							return nil
						}
						return err
					})
				}
				close(deciding)
				synctest.Wait()
				seen := ""
				background(results, func() error {
					return h.View(func(b *book) { seen = b.String() })
				})
				if seen != "1:a" {
					t.Errorf("the View saw %q, want the change that is being synced", seen)
				}
				if len(results) > 0 {
					t.Errorf("%d of 4 were answered during the sync", len(results))
				}
				h.disk.Intercept(nil)
				h.sync <- tt.outcome
				for range 4 {
					if err := <-results; (err == nil) != (tt.outcome == nil) {
						t.Errorf("got %v, want an error: %v", err, tt.outcome)
					}
				}
				h.Close()
			})
		})
	}
}

func TestCloseWaitsForTheBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHeld(t)
		results := make(chan error, 2)
		background(results, func() error { return h.say("a") })
		background(results, h.Close)
		if len(results) > 0 {
			t.Errorf("answered during the sync: %v", <-results)
		}
		h.disk.Intercept(nil)
		h.sync <- nil
		for range 2 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
	})
}

// Commands that come during a sync make up one batch, with one sync.
func TestQueuedCommandsShareASync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := openHeld(t)
		results := make(chan error, 10)
		for range 10 {
			background(results, func() error { return h.say("x") })
		}
		h.sync <- nil
		h.sync <- nil
		for range 10 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if h.syncs != 2 {
			t.Errorf("10 commands took %d syncs, want 2", h.syncs)
		}
		h.disk.Intercept(nil)
		h.Close()
	})
}
