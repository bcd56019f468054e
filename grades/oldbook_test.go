package grades

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// oldBook is what the program showed that wrote testdata/book1, the first that
// kept a book, and what it answered to requests with keys.
type oldBook struct {
	Shown   map[string]any // by path
	Answers []struct {
		Line, Body, Key string
		Status          int
		Answer          string
	}
}

// A book of an earlier program is shown as that program showed it, and keys that
// were used with it are answered as it answered; with its snapshot, and from its
// log alone.
func TestOldBook(t *testing.T) {
	disk := disktest.New()
	var old oldBook
	files, err := filepath.Glob("testdata/book1/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if name := filepath.Base(path); name != "shown.json" {
			disk.Put(filepath.Join("book", name), content)
		} else if err := json.Unmarshal(content, &old); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		s, err := onDisk(disk, store.Options{Now: func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) }})
		if err != nil {
			t.Fatal(err)
		}
		old.check(t, s)
		s.stop()
		removeSnapshots(t, disk)
	}
}

func (old *oldBook) check(t *testing.T, s *service) {
	t.Helper()
	for _, a := range old.Answers {
		resp, body := s.request(t, a.Line, a.Body, "Idempotency-Key: "+a.Key, "Gradebook-Actor: Ines Okoro")
		if resp.StatusCode != a.Status || body != a.Answer {
			t.Errorf("%s with key %q is answered %d %s, and was %d %s", a.Line, a.Key, resp.StatusCode, body, a.Status, a.Answer)
		}
	}
	for path, want := range old.Shown {
		_, body := s.request(t, "GET "+path, "")
		var got any
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		for _, difference := range differences(path, got, want) {
			t.Error(difference)
		}
	}
}

// differences says where got, which may say more, does not say what want does.
func differences(where string, got, want any) (list []string) {
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		for name, value := range want {
			list = append(list, differences(where+"."+name, object[name], value)...)
		}
		return list
	case []any:
		if array, _ := got.([]any); len(array) == len(want) {
			for i := range want {
				list = append(list, differences(where+"[]", array[i], want[i])...)
			}
			return list
		}
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		list = []string{strings.Join([]string{where, "is", string(a), "and was", string(b)}, " ")}
	}
	return list
}
