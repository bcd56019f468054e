package grades

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// The power goes out at every operation while a file is proposed and applied.
// The proposal is there whole or not at all; it was applied whole or not at all;
// and it is applied once.
func TestProposalThroughPowerCuts(t *testing.T) {
	t.Parallel()
	const base, file = "title Art\nassignments A/10\n7,Ann,Lee,9\n", "title Art\nassignments A/10 B/5\n7,Ann,Lee,8,1\n8,Bo,Ek,4,2\n"
	for at, cut := 1, true; cut; at++ {
		disk := disktest.New()
		s := mustOpenOn(t, disk)
		s.mustImport(t, ImportRequest{}, base)
		before := s.everything(t)
		disk.Intercept(disktest.CrashAt(at))
		what := fmt.Sprintf("power cut at operation %d", at)
		id, applied := "", false
		p, err := s.Import(t.Context(), ImportRequest{ImportOptions: ImportOptions{Format: "plain"}, DryRun: true}, strings.NewReader(file))
		if err == nil && p.State == ImportProposed {
			id = p.ID
			_, err = s.ApplyImport(t.Context(), id, nil, "")
			applied = err == nil
		}
		s.stop()
		cut = disk.Ops() >= at
		disk = disk.Restart(rand.New(rand.NewPCG(7, uint64(at))))

		s = mustOpenOn(t, disk)
		list, err := s.Imports(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		known := ""
		for _, p := range list {
			if p.File == "" && p.State != ImportApplied || p.ID == id {
				known = p.ID
			}
		}
		now := s.everything(t)
		switch {
		case applied && now == before:
			t.Fatalf("%s: what was applied is gone", what)
		case id != "" && known == "":
			t.Fatalf("%s: the proposal that was answered is gone", what)
		case known == "" && now != before:
			t.Fatalf("%s: it was applied and never proposed", what)
		}
		if known != "" {
			checkApplied(t, s, known, now != before, what)
		}
		s.stop()
	}
}

// checkApplied applies an import that was applied already or is to be.
func checkApplied(t *testing.T, s *service, id string, already bool, what string) {
	t.Helper()
	p, err := s.server.imports.get(id)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	<-p.done // it may be read again
	_, err = s.ApplyImport(t.Context(), id, nil, "")
	if already && (err == nil || !strings.Contains(err.Error(), "was applied before, as change 3")) {
		t.Errorf("%s: applied again: %v", what, err)
	}
	if !already && err != nil {
		t.Errorf("%s: not applied after the start: %v", what, err)
	}
	r, err := s.ImportReport(t.Context(), id, "", 0)
	if err != nil || r.State != ImportApplied || r.Revision != 3 || len(r.Rows) != 2 || r.Classes[0].Cells.New != 3 {
		t.Errorf("%s: %+v, %v", what, r, err)
	}
	book, err := s.Gradebook(t.Context(), 2)
	if err != nil || len(book.Cells) != 4 || len(book.Students) != 2 {
		t.Errorf("%s: %d cells of %d students, %v", what, len(book.Cells), len(book.Students), err)
	}
}

func mustOpenOn(t *testing.T, disk *disktest.Disk) *service {
	t.Helper()
	s, err := onDisk(disk, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
