package grades

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gradebook/service/store"
)

// drive sends requests from 64 connections at once.
func drive(b *testing.B, method, url string, body func() string, status int) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req, err := http.NewRequest(method, url, strings.NewReader(body()))
			if err != nil {
				b.Error(err)
				return
			}
			resp, err := client.Do(req)
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode != status {
				b.Error(resp.Status)
				return
			}
		}
	})
}

// The limit is a handler that answers as many bytes at once.
func BenchmarkGetStudent(b *testing.B) {
	s := openService(b, b.TempDir())
	_, body := s.request(b, "GET /students/1", "")
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, body)
	}))
	defer bare.Close()
	none := func() string { return "" }
	b.Run("service", func(b *testing.B) { drive(b, "GET", s.base+"/students/1", none, http.StatusOK) })
	b.Run("bare", func(b *testing.B) { drive(b, "GET", bare.URL, none, http.StatusOK) })
}

// keeper is a machine that only counts what it keeps.
type keeper struct{ n uint64 }

func (k *keeper) Apply(revision uint64, _ time.Time, _ json.RawMessage) { k.n = revision }
func (k *keeper) Snapshot() func([]byte) ([]byte, bool) {
	return func(b []byte) ([]byte, bool) { return fmt.Append(b, k.n), false }
}
func (k *keeper) Restore(text []byte) error { return json.Unmarshal(text, &k.n) }

// The limit is a handler that puts the body into a store of its own.
func BenchmarkPostGrade(b *testing.B) {
	s := openService(b, b.TempDir())
	kept, err := store.Open(b.TempDir(), new(keeper), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer kept.Close()
	durable := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = kept.Do(r.Context(), func(*keeper, time.Time) (json.RawMessage, bool, error) { return body, true, nil })
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusCreated)
		w.Write(body)
	}))
	defer durable.Close()
	var n atomic.Int64
	body := func() string { return fmt.Sprintf(`{"title":"T%d","type":"Quiz","score":91.5}`, n.Add(1)) }
	b.Run("service", func(b *testing.B) { drive(b, "POST", s.base+"/students/1/grades", body, http.StatusCreated) })
	b.Run("durable", func(b *testing.B) { drive(b, "POST", durable.URL, body, http.StatusCreated) })
}
