package grades

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"

	"gradebook/log/commitlog/disktest"
)

var cuts = flag.Int("cuts", 1, "how often TestPowerCutAnywhere cuts the power at each operation, with more or less left of what was not synced")

// The power goes out at every operation on the disk, whatever of what was not
// synced is left: what was answered is there, what was not is there whole or not
// at all, and whoever goes on gets the book of a disk that never failed.
func TestPowerCutAnywhere(t *testing.T) {
	t.Parallel()
	for _, steps := range [][]step{story(), importStory()} {
		cutPowerAnywhere(t, tell(t, steps))
	}
}

// stride is 1: a story fails at each of its operations. With -short it fails at
// some, which is enough to look for races.
func stride() int {
	if testing.Short() {
		return 15
	}
	return 1
}

// cutPowerAnywhere tells a story once for each operation that it takes.
func cutPowerAnywhere(t *testing.T, told *telling) {
	for seed := range *cuts {
		operations := 0
		for cut := true; cut; {
			operations += stride()
			n := &narrator{telling: told, disk: disktest.New(), what: fmt.Sprintf("power cut at operation %d, seed %d", operations, seed)}
			if (operations+seed)%2 == 1 {
				n.r = rand.New(rand.NewPCG(uint64(seed), uint64(operations)))
			}
			n.disk.Intercept(disktest.CrashAt(operations))
			n.live(t)
			cut = n.disk.Ops() >= operations
			n.disk = n.disk.Restart(n.r)
			n.finish(t)
		}
		t.Logf("%d operations", operations)
	}
}

// One operation fails, or all that can from one on until the next start:
// a full disk is told and changes nothing, a disk that fails ends the service,
// and nothing is lost, doubled or half done by either.
func TestDiskFailsAnywhere(t *testing.T) {
	t.Parallel()
	told := tell(t, story())
	for _, fault := range []struct {
		cause      error
		times      int
		operations []string
	}{
		{syscall.EIO, 1, []string{"open", "list", "mkdir", "rename", "remove", "syncdir", "lock", "read", "write", "truncate", "sync", "size"}},
		{syscall.ENOSPC, 1 << 30, []string{"mkdir", "rename", "syncdir", "write", "sync"}},
	} {
		failed := true
		for first := 1; failed; first += stride() {
			n := &narrator{telling: told, disk: disktest.New(), what: fmt.Sprintf("%v at %d operations from %d on", fault.cause, fault.times, first)}
			n.disk.Intercept(func(op disktest.Op) error {
				if op.N >= first && op.N-first < fault.times && slices.Contains(fault.operations, op.Name) {
					return fault.cause
				}
				return nil
			})
			n.live(t)
			failed = n.disk.Ops() >= first
			n.disk.Intercept(nil)
			if first%2 == 0 {
				n.disk = n.disk.Restart(rand.New(rand.NewPCG(4, uint64(first))))
			}
			n.finish(t)
		}
	}
}
