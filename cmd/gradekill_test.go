package cmd_test

import (
	"math/rand/v2"
	"os"
	"testing"
)

// TestKilledGradingUnderLoad is kill -9 of the grading service at any moment,
// over and over, while teachers are writing: whatever it has acknowledged is
// there afterwards, once, a batch is there whole or not at all, and whoever
// follows the changes misses none.
func TestKilledGradingUnderLoad(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(gradingService)
	followers := s.followChanges(3)
	load := s.gradeLoad(8, 4, 4)
	for round := range *gradeKills {
		waitFor(t, "answered", &load.answered, 1+rand.Int64N(200))
		if round%7 == 3 { // so that the next starts from a snapshot
			s.stop(gradingService, os.Interrupt)
			s.start(gradingService)
			waitFor(t, "answered", &load.answered, 1+rand.Int64N(200))
		}
		s.kill(gradingService)
		s.start(gradingService)
	}
	waitFor(t, "answered after the last start", &load.answered, 10)
	load.end()
	load.check(t)
	s.kill(gradingService)
	s.start(gradingService)
	load.check(t)
	s.checkFollowers(t, followers)
}
