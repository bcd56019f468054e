package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gradebook/grades"
	"gradebook/service/web"
)

// fakeService is a service as far as the launcher can tell. It notes what
// happens to it in the file events beside its data directory. A file in that
// directory makes it behave badly:
//
//	crash     it removes the file, prints 25 lines and exits with 3
//	unready   /ready answers 503 as long as the file is there
//	stubborn  it does not stop when it is told to
func fakeService(name string) int {
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	addr := flags.String("addr", "", "")
	data := flags.String("data", "", "")
	flags.String("registry", "", "")
	flags.Bool("sample", true, "")
	flags.Parse(os.Args[1:])
	note := func(event string) {
		f, err := os.OpenFile(filepath.Join(filepath.Dir(*data), "events"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			fmt.Fprintln(f, event, name)
			f.Close()
		}
	}
	has := func(file string) bool {
		_, err := os.Stat(filepath.Join(*data, file))
		return err == nil
	}
	note("start")
	if has("crash") {
		os.Remove(filepath.Join(*data, "crash"))
		for i := range 25 {
			fmt.Fprintf(os.Stderr, "line %d\n", i+1)
		}
		return 3
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /ready", func(w http.ResponseWriter, r *http.Request) {
		if has("unready") {
			web.Problems(nil)(w, r, web.NewProblem(http.StatusServiceUnavailable, "%s waits for the moon", name))
		}
	})
	mux.HandleFunc("GET /args", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, strings.Join(os.Args[1:], " ")) })
	mux.HandleFunc("POST /imports", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		json.NewEncoder(w).Encode(grades.ImportReport{Classes: []grades.ImportClass{{
			Title: r.URL.RawQuery, Outcome: grades.LineCreated, Students: grades.ImportCounts{Created: int(r.ContentLength)},
		}}})
	})
	go http.ListenAndServe(*addr, mux) // ends with the process
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGPIPE)
	if os.Getenv("GRADEBOOK_STOP_ON_EOF") == "1" {
		go func() { // ends with the process
			io.Copy(io.Discard, os.Stdin)
			signals <- nil
		}()
	}
	if s := <-signals; s == nil {
		note("eof")
	} else {
		note("stop")
	}
	if has("stubborn") {
		select {}
	}
	return 0
}

// install makes a directory with this test binary under the names of the
// launcher and of its four services, and returns it.
func install(t *testing.T) string {
	t.Helper()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"gradebook", "registryservice", "logservice", "gradingservice", "teacherportalservice"} {
		path := filepath.Join(dir, executable(name))
		if os.Link(own, path) == nil {
			continue
		}
		content, err := os.ReadFile(own) // on another file system
		if err == nil {
			err = os.WriteFile(path, content, 0o700)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// gradebook runs the launcher to its end.
func gradebook(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(install(t), executable("gradebook")), args...)
	text, err := cmd.CombinedOutput()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(text)
}
