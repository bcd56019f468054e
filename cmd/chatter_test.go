package cmd_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strconv"
	"sync"
	"testing"
	"time"

	"gradebook/log"
)

// chatter is a service that logs numbers, from 0, through the handler that every
// service logs through.
type chatter struct {
	name    string
	handler *log.Handler
	stop    context.CancelFunc
	running sync.WaitGroup
	made    int // entries; read it after end
}

// chat logs so many entries a second, through d, until end.
func (d *dependent) chat(perSecond int) *chatter {
	d.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := &chatter{name: "Chatter", stop: cancel, handler: log.NewHandler(log.HandlerOptions{
		Service: "Chatter", Instance: d.url[len("http://"):], Stderr: io.Discard, SpoolDir: d.t.TempDir(), Send: log.SendTo(d.client),
	})}
	c.running.Go(func() { // until end
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		logger, start := slog.New(c.handler), time.Now()
		for ctx.Err() == nil {
			for due := int(time.Since(start).Seconds() * float64(perSecond)); c.made < due; c.made++ {
				logger.Info(strconv.Itoa(c.made), "text", "as services write")
			}
			<-ticker.C
		}
	})
	d.t.Cleanup(func() {
		cancel()
		c.running.Wait()
		c.handler.Close(ctx) // it is done
	})
	return c
}

// end stops logging and waits until everything is sent.
func (c *chatter) end(t testing.TB) {
	t.Helper()
	c.stop()
	c.running.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.handler.Close(ctx); err != nil {
		t.Error(err)
	}
}

// arrived is how often each entry of a service is in a log, and how many are
// told as dropped.
type arrived struct {
	times   map[string]int
	dropped int
}

// arrivedIn reads a whole log, newest first.
func (s *system) arrivedIn(name, service string) arrived {
	s.t.Helper()
	all := arrived{times: map[string]int{}}
	for before := uint64(math.MaxInt64); before > 1; {
		a := s.get(name, fmt.Sprintf("/log?limit=1000&service=%s&before=%d", service, before))
		page, err := decode[[]struct {
			Offset     uint64
			Message    string
			Attributes map[string]json.RawMessage
		}](a)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, e := range page {
			if raw, ok := e.Attributes["dropped"]; ok {
				n, err := strconv.Atoi(string(raw))
				if err != nil {
					s.t.Fatal(err)
				}
				all.dropped += n
			} else {
				all.times[e.Message]++
			}
		}
		before = page[len(page)-1].Offset
	}
	return all
}

// check fails the test unless each entry came once or is counted as dropped.
func (a arrived) check(t testing.TB, made int) {
	t.Helper()
	missing, repeated := 0, 0
	for n := range made {
		switch times := a.times[strconv.Itoa(n)]; cmp.Compare(times, 1) {
		case -1:
			missing++
		case 1:
			repeated += times - 1
		}
	}
	t.Logf("%d entries made, %d missing, %d told as dropped, %d stored twice", made, missing, a.dropped, repeated)
	if missing != a.dropped || repeated > 0 || len(a.times)+missing != made {
		t.Errorf("of %d entries %d are missing, %d told as dropped and %d stored twice; %d messages", made, missing, a.dropped, repeated, len(a.times))
	}
}
