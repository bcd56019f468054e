package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// member is one service.
type member struct {
	fleet        *fleet
	listener     net.Listener
	registration []byte
	instance     string

	mu          sync.Mutex // guards what follows
	epoch       string
	revision    uint64
	beat        []byte // the answer to a heartbeat
	providers   []string
	changed     map[string]time.Time // when a provider came or went
	noted       chan struct{}        // closed when providers change
	registering bool
}

// view is what the registry tells: a push, or the answer to a registration.
type view struct {
	Epoch     string                            `json:"epoch"`
	Revision  uint64                            `json:"revision"`
	Providers map[string][]struct{ URL string } `json:"providers,omitempty"`
}

func (f *fleet) newMember(name, need string, number int) (*member, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &member{fleet: f, listener: l, instance: fmt.Sprintf("fleet-%d", number), changed: map[string]time.Time{}, noted: make(chan struct{})}
	home := "http://" + l.Addr().String()
	r := map[string]any{
		"serviceName": name, "serviceURL": home, "serviceUpdateURL": home + "/update", "heartbeatURL": home + "/heartbeat", "instance": m.instance,
	}
	if need != "" {
		r["requiredServices"] = []string{need}
	}
	m.registration, err = json.Marshal(r)
	m.beat = m.answer()
	go m.accept() // for as long as the process lives
	return m, err
}

// register registers m, unless that is under way.
func (m *member) register() error {
	m.mu.Lock()
	busy := m.registering
	m.registering = true
	m.mu.Unlock()
	if busy {
		return nil
	}
	m.fleet.turn <- struct{}{}
	defer func() {
		<-m.fleet.turn
		m.mu.Lock()
		defer m.mu.Unlock()
		m.registering = false
	}()
	resp, err := m.fleet.http.Post(m.fleet.url, "application/json", bytes.NewReader(m.registration))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	var v view
	if err := json.Unmarshal(body, &v); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s %s", m.registration, resp.Status, body)
	}
	m.adopt(v, true)
	return nil
}

// adopt takes v, and a new epoch only with the answer to a registration; it
// returns what is held then.
func (m *member) adopt(v view, registered bool) (acknowledged []byte, ok bool) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if v.Epoch != m.epoch && !registered && m.epoch != "" {
		return nil, false
	}
	if v.Epoch == m.epoch && v.Revision < m.revision {
		return m.beat, true
	}
	m.epoch, m.revision = v.Epoch, v.Revision
	var urls []string
	for _, list := range v.Providers {
		for _, p := range list {
			urls = append(urls, p.URL)
		}
	}
	for _, url := range slices.Concat(urls, m.providers) {
		if slices.Contains(urls, url) != slices.Contains(m.providers, url) {
			m.changed[url] = now
		}
	}
	m.providers, m.beat = urls, m.answer()
	close(m.noted)
	m.noted = make(chan struct{})
	return m.beat, true
}

// answer is what m says to heartbeats and pushes.
func (m *member) answer() []byte {
	body := fmt.Sprintf(`{"status":"up","instance":%q,"epoch":%q,"revision":%d}`, m.instance, m.epoch, m.revision)
	return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// await waits until m holds a provider, or does not any more, and returns since
// when.
func (m *member) await(ctx context.Context, url string, held bool) (time.Time, error) {
	for {
		m.mu.Lock()
		now, at, noted := slices.Contains(m.providers, url), m.changed[url], m.noted
		m.mu.Unlock()
		if now == held {
			return at, nil
		}
		select {
		case <-noted:
		case <-ctx.Done():
			return at, ctx.Err()
		}
	}
}
