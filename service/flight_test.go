package service

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

func TestFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f flight
		start := time.Now()
		took := func(what string, want time.Duration) {
			t.Helper()
			if got := time.Since(start); got < want || got > want+lookEvery {
				t.Errorf("%s took %v, want %v", what, got, want)
			}
			start = time.Now()
		}
		f.lull()
		took("a lull when nobody ever came", 0)
		app := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { time.Sleep(3 * time.Second) })
		go f.serve(app, nil, nil)
		synctest.Wait()
		f.lull()
		took("a lull while one is in hand", quietFor)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if got := f.land(ctx); got != 1 {
			t.Errorf("%d in hand, want 1", got)
		}
		took("waiting for it too shortly", time.Second)
		if got := f.land(t.Context()); got != 0 {
			t.Errorf("%d in hand, want none", got)
		}
		took("waiting for it", 2*time.Second-quietFor)
	})
}

func TestDrainIsLocal(t *testing.T) {
	r := httptest.NewRequest("POST", "/drain", nil)
	r.RemoteAddr = "192.0.2.1:1234"
	w := httptest.NewRecorder()
	newProcess(Spec{Name: "ToyService"}, config{addr: "localhost:0"}, 1).routes().ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("from another machine: %d %s", w.Code, w.Body)
	}
}
