package log

import (
	"math/rand/v2"
	"testing"
	"time"
)

// A window holds what a naive count finds, and at most one bucket more, whatever comes late, early
// or in bursts.
func TestWindowIsNaiveCount(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 0))
		length := time.Second + time.Duration(random.Int64N(int64(random.IntN(24)+1)*int64(time.Hour)))
		now := random.Int64N(int64(100*365*24*time.Hour)) - int64(50*365*24*time.Hour)
		w := newWindow(length, now)
		var times []int64
		for range 400 {
			now += random.Int64N(1 + int64(length)/[]int64{1, 10, 1000, 1e6}[random.IntN(4)])
			for range random.IntN(4) {
				at := now - random.Int64N(2*int64(length)) + random.Int64N(1+int64(length))
				times = append(times, min(at, now))
				w.add(at, now)
			}
			least, most := 0, 0
			for _, at := range times {
				if at > now-int64(length) {
					least++
				}
				if at > now-int64(length)-w.width {
					most++
				}
			}
			if got := w.count(now); got < least || got > most {
				t.Fatalf("seed %d: %v hold %d, want %d to %d", seed, length, got, least, most)
			}
		}
	}
}

func TestWindow(t *testing.T) {
	const second = int64(time.Second) // and a bucket
	tests := []struct {
		name string
		adds [][2]int64 // time and arrival, in seconds
		now  int64
		want int
	}{
		{"nothing", nil, 1000, 0},
		{"now", [][2]int64{{1000, 1000}}, 1000, 1},
		{"at the edge", [][2]int64{{700, 700}}, 1000, 1},
		{"too old", [][2]int64{{699, 699}}, 1000, 0},
		{"late", [][2]int64{{800, 1000}}, 1099, 1},
		{"late, and over by now", [][2]int64{{800, 1000}}, 1101, 0},
		{"too late", [][2]int64{{600, 1000}}, 1000, 0},
		{"future", [][2]int64{{5000, 1000}}, 1000, 1},
		{"future, and over by now", [][2]int64{{5000, 1000}}, 1301, 0},
		{"long ago", [][2]int64{{1000, 1000}, {1001, 1001}}, 100_000, 0},
		{"the clock goes back", [][2]int64{{1000, 1000}, {990, 990}}, 980, 2},
		{"before 1970", [][2]int64{{-1000, -1000}, {-700, -700}}, -700, 2},
	}
	for _, test := range tests {
		start := int64(0)
		if len(test.adds) > 0 {
			start = test.adds[0][1]
		}
		w := newWindow(5*time.Minute, start*second)
		for _, add := range test.adds {
			w.add(add[0]*second, add[1]*second)
		}
		if got := w.count(test.now * second); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}
