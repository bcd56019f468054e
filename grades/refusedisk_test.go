package grades

import (
	"errors"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
	"gradebook/service/web"
)

// A full disk refuses what would be written, and what can be read goes on; when
// there is room again, so does writing.
func TestRefuseFullDisk(t *testing.T) {
	disk := disktest.New()
	s, err := onDisk(disk, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	before := s.everything(t)
	disk.Intercept(func(op disktest.Op) error {
		if op.Name == "write" {
			return syscall.ENOSPC
		}
		return nil
	})
	for range 3 {
		_, err := s.AddGrade(t.Context(), 1, GradeInput{Title: "T", Type: "Quiz", Score: Points(5)}, "k")
		p, ok := errors.AsType[*web.Problem](err)
		if !ok || p.Status != http.StatusInsufficientStorage || p.Header.Get("Retry-After") == "" || !strings.Contains(p.Detail, "nothing was changed; make room and try again") {
			t.Fatalf("%v, want 507 with what to do", err)
		}
		if after := s.everything(t); after != before {
			t.Errorf("something has changed: before\n%s\nafter\n%s", before, after)
		}
	}
	disk.Intercept(nil)
	if _, err := s.AddGrade(t.Context(), 1, GradeInput{Title: "T", Type: "Quiz", Score: Points(5)}, "k"); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
