package cmd_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// loadService is what the entries of a logLoad say who they are from.
const loadService = "Load"

// fate is what a sender was told about an entry.
type fate struct {
	stored  bool   // 200: it is in the log, once
	refused bool   // 507: it is not, and never will be
	offset  uint64 // at which it is stored; 0 if that was not told
}

// logLoad is entries that many senders have sent to a log service, and what it
// told them. An entry without a fate that is known may be in the log or not: the
// service ended before it answered.
type logLoad struct {
	url     string
	client  *http.Client
	running sync.WaitGroup
	stop    context.CancelFunc // lets the senders end once each has its answer
	abort   context.CancelFunc // ends them at once
	text    string             // an attribute of every entry

	stored, refused atomic.Int64 // requests

	mu    sync.Mutex // guards what follows
	fates map[string]fate
	odd   error // the first answer that nobody should get
}

// logLoad starts senders: so many that send one entry at a time, each once, and
// so many that send NDJSON of 100 numbered entries, each body until it is
// answered with 200. An entry has an attribute of about size bytes.
func (s *system) logLoad(single, bulk, size int) *logLoad {
	s.t.Helper()
	l := &logLoad{
		url:    s.url(logService) + "/log",
		client: &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: single + bulk}},
		text:   strings.Repeat("as people write ", size/16),
		fates:  map[string]fate{},
	}
	var going, alive context.Context
	alive, l.abort = context.WithCancel(context.Background())
	going, l.stop = context.WithCancel(alive)
	for i := range single {
		l.running.Go(func() { l.sendSingle(alive, going, fmt.Sprintf("single%d", i)) })
	}
	for i := range bulk {
		l.running.Go(func() { l.sendNumbered(alive, going, fmt.Sprintf("bulk%d", i)) })
	}
	s.t.Cleanup(func() {
		l.abort()
		l.end()
	})
	return l
}

// end stops the senders once each has its answer. The service must be there.
func (l *logLoad) end() {
	l.stop()
	l.running.Wait()
	l.client.CloseIdleConnections()
}

// sendSingle sends entries by themselves, in turn as text and as JSON, until the
// load ends.
func (l *logLoad) sendSingle(alive, going context.Context, name string) {
	for n := 0; going.Err() == nil; n++ {
		message := fmt.Sprintf("%s-%d", name, n)
		contentType, body := "text/plain", fmt.Sprintf("[%s] - %s", loadService, message)
		if n%2 == 1 {
			contentType, body = "application/json", string(l.entry(message, "", 0))
		}
		l.note(l.post(alive, contentType, body), message)
	}
}

// sendNumbered sends bodies of entries that can be repeated, until the load ends.
func (l *logLoad) sendNumbered(alive, going context.Context, name string) {
	const lines = 100
	for n := 0; going.Err() == nil; n++ {
		var messages []string
		var body []byte
		for i := range lines {
			messages = append(messages, fmt.Sprintf("%s-%d", name, n*lines+i))
			body = append(append(body, l.entry(messages[i], name, n*lines+i+1)...), '\n')
		}
		f := fate{}
		for !f.stored && alive.Err() == nil {
			f = l.post(alive, "application/x-ndjson", string(body))
		}
		l.note(f, messages...)
	}
}

// entry is one that is numbered when it has an instance.
func (l *logLoad) entry(message, instance string, sequence int) []byte {
	entry := map[string]any{"service": loadService, "message": message, "attributes": map[string]any{"text": l.text}}
	if instance != "" {
		entry["instance"], entry["sequence"] = instance, sequence
	}
	b, err := json.Marshal(entry)
	if err != nil {
		panic(err)
	}
	return b
}

// note remembers what became of messages that were sent as one body.
func (l *logLoad) note(f fate, messages ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, m := range messages {
		l.fates[m] = f
		if f.offset != 0 {
			l.fates[m] = fate{stored: true, offset: f.offset + uint64(i)}
		}
	}
}

// post sends a body once. After a failure it waits a moment: the service may be
// away.
func (l *logLoad) post(alive context.Context, contentType, body string) fate {
	req, err := http.NewRequestWithContext(alive, http.MethodPost, l.url, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	req.Header.Set("Content-Type", contentType)
	resp, err := l.client.Do(req)
	if err != nil {
		<-time.After(5 * time.Millisecond)
		return fate{}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return fate{}
	case resp.StatusCode == http.StatusInsufficientStorage:
		l.refused.Add(1)
		return fate{refused: true}
	case resp.StatusCode == http.StatusServiceUnavailable:
		return fate{}
	case resp.StatusCode == http.StatusOK:
		var receipt struct {
			Offset, First uint64
			Rejected      []any
		}
		if err = json.Unmarshal(answer, &receipt); err == nil && len(receipt.Rejected) == 0 {
			l.stored.Add(1)
			return fate{stored: true, offset: max(receipt.Offset, receipt.First)}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.odd == nil {
		l.odd = fmt.Errorf("POST of %s: %d %s (%v)", contentType, resp.StatusCode, answer, err)
	}
	return fate{}
}

// waitFor waits until a count has grown by n.
func waitFor(t testing.TB, what string, count *atomic.Int64, n int64) {
	t.Helper()
	until := count.Load() + n
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for count.Load() < until {
		select {
		case <-ticker.C:
		case <-deadline.C:
			t.Fatalf("%d of %d requests were %s within %v", n-(until-count.Load()), n, what, patience)
		}
	}
}

// check compares what the service holds with what it has told: what it
// acknowledged is there once and where it said, what it refused is not, and
// nothing is there twice. The load must have ended.
func (l *logLoad) check(t testing.TB) {
	t.Helper()
	if l.odd != nil {
		t.Error(l.odd)
	}
	found := l.found(t)
	stored, wrong := 0, 0
	fail := func(format string, args ...any) {
		t.Helper()
		if wrong++; wrong <= 10 {
			t.Errorf(format, args...)
		}
	}
	for message, f := range l.fates {
		at := found[message]
		switch {
		case f.stored && len(at) == 0:
			fail("lost: %s was acknowledged (offset %d) and is not in the log", message, f.offset)
		case f.offset != 0 && at[0] != f.offset:
			fail("moved: %s is entry %d, and the answer said %d", message, at[0], f.offset)
		case f.refused && len(at) > 0:
			fail("%s was refused and is entry %d", message, at[0])
		}
		if f.stored {
			stored++
		}
	}
	for message, at := range found {
		if _, sent := l.fates[message]; !sent {
			fail("%s is in the log (%d), and nobody sent it", message, at)
		}
		if len(at) > 1 {
			fail("doubled: %s is in the log at %d", message, at)
		}
	}
	t.Logf("%d entries sent, %d acknowledged, %d found, %d wrong", len(l.fates), stored, len(found), wrong)
}

// found reads the load's entries from the log: the offsets of each message.
func (l *logLoad) found(t testing.TB) map[string][]uint64 {
	t.Helper()
	found := map[string][]uint64{}
	for before := ""; ; {
		resp, err := l.client.Get(l.url + "?format=ndjson&limit=1000&service=" + loadService + before)
		if err != nil {
			t.Fatal(err)
		}
		var last uint64
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var e struct {
				Offset  uint64
				Message string
			}
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				t.Fatalf("line %q: %v", lines.Bytes(), err)
			}
			found[e.Message] = append(found[e.Message], e.Offset)
			last = e.Offset
		}
		resp.Body.Close()
		if err := lines.Err(); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("read the log: %d %v", resp.StatusCode, err)
		}
		if resp.Header.Get("Link") == "" {
			return found
		}
		before = fmt.Sprint("&before=", last)
	}
}
