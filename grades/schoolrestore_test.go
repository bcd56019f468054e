package grades

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gradebook/grades/archive"
	"gradebook/log/commitlog/disktest"
	"gradebook/service/store"
)

// toldAt is when the stories of these tests end: keys are as good as then.
func toldAt() time.Time { return time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC) }

func openAt(disk *disktest.Disk) (*service, error) { return onDisk(disk, store.Options{Now: toldAt}) }

func mustOpenAt(t testing.TB, disk *disktest.Disk) *service {
	t.Helper()
	s, err := openAt(disk)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop() })
	return s
}

// archived tells the story to a service of its own, and returns it with its
// archive.
func archived(t *testing.T, story *telling) (*service, []byte) {
	t.Helper()
	n := &narrator{telling: story, disk: disktest.New(), what: "the book to archive"}
	n.live(t)
	s := mustOpenAt(t, n.disk)
	resp, body := s.request(t, "GET /archive", "")
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %.200s", resp.Status, body)
	}
	return s, []byte(body)
}

// all is every answer to a GET that there is, of now and of the past.
func (s *service) all(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	all.WriteString(s.seen(t))
	for _, path := range []string{
		"/statistics", "/classes/1", "/classes/2", "/classes/2?at=12", "/classes/2/gradebook?at=9", "/classes/3/gradebook?at=16", "/classes/2/gradebook?at=2026-01-05T08:09:00Z",
		"/classes/2/assignments?removed=true", "/classes/3/students?removed=true", "/classes/2/checks", "/classes/2/statistics", "/classes/2/statistics?at=14",
		"/classes/2/students/6/explanation?at=4", "/classes/2/grades/6/4", "/classes/2/grades/7/5", "/classes/2/difference?from=6&to=20", "/students/6", "/students/8", "/students/2/history",
		"/classes/2/export?format=plain", "/classes/2/export?format=plain&at=11", "/classes/2/history?student=6&assignment=4", "/classes/2/history?by=api&limit=3",
	} {
		resp, body := s.request(t, "GET "+path, "")
		fmt.Fprintln(&all, path, resp.StatusCode, resp.Header.Get("ETag"), body)
	}
	return all.String()
}

// A book that was archived and restored gives every answer that the first one
// gives: of now, of the past, to keys that come again, and after a start.
func TestRestore(t *testing.T) {
	for name, steps := range map[string][]step{"all kinds of records": story(), "packed records": importStory()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testRestore(t, tell(t, steps))
		})
	}
}

func testRestore(t *testing.T, story *telling) {
	first, file := archived(t, story)
	want := first.all(t)

	n := &narrator{telling: story, disk: disktest.New(), what: "restored", done: len(story.steps)}
	s := mustOpenAt(t, n.disk)
	report, err := s.Restore(t.Context(), bytes.NewReader(file))
	if err != nil || report.Revision != first.server.store.Revision() {
		t.Fatalf("%+v, %v", report, err)
	}
	sameText(t, "restored", s.all(t), want)
	resp, again := s.request(t, "GET /archive", "")
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("its archive: %s", resp.Status)
	}
	sameText(t, "the archive of what was restored", recordsIn(t, []byte(again)), recordsIn(t, file))
	s.stop()
	n.finish(t) // starts it from snapshot and log, and sends all keys again

	s = mustOpenAt(t, n.disk)
	sameText(t, "after a start", s.all(t), want)
	if _, err := s.CreateClass(t.Context(), ClassInput{Title: new("Next")}, "new"); err != nil {
		t.Errorf("a change after that: %v", err)
	}
}

// sameText compares two texts and shows the first line in which they differ.
func sameText(t testing.TB, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	t.Errorf("%s, line %d of %d is %.2000q, and of %d it is to be %.2000q", what, i, len(a), a[min(i, len(a)-1)], len(b), b[min(i, len(b)-1)])
}

// recordsIn are the records of an archive.
func recordsIn(t testing.TB, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "records/") {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(&all, in); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all.String()
}

// An archive is of one revision, whatever is written while it is made.
func TestArchiveOfOneRevision(t *testing.T) {
	s := openSchool(t)
	a := &schoolArchive{book: s.server.store.present(), table: plainFormat{}, now: time.Now()}
	if err := a.begin(); err != nil {
		t.Fatal(err)
	}
	want := s.all(t)
	if _, err := s.CreateClass(t.Context(), ClassInput{Title: new("Later")}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddGrade(t.Context(), 6, GradeInput{Title: "Later", Type: "Test", Score: Points(5), Class: 2}, ""); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := a.write(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	other := openService(t, t.TempDir())
	if _, err := other.Restore(t.Context(), &file); err != nil {
		t.Fatal(err)
	}
	sameText(t, "restored", other.all(t), want)
}

// Only what has nothing but the sample can be restored into, and whoever follows
// its changes is told.
func TestRestoreIntoWhat(t *testing.T) {
	first := openSchool(t)
	body, err := first.Archive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	file, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	before := first.everything(t)
	_, err = first.Restore(t.Context(), bytes.NewReader(file))
	if conflict, ok := errors.AsType[*ConflictError](err); !ok || !strings.Contains(conflict.Detail, "is in use") {
		t.Errorf("into a book that is in use: %v, want a conflict", err)
	}
	sameText(t, "refused", first.everything(t), before)

	for _, sample := range []string{"true", "false"} {
		s := openWith(t, t.TempDir(), sample)
		had := s.server.store.Revision()
		streamed := s.follow(t, had)
		poll := s.poll(t, had)
		if _, err := s.Restore(t.Context(), bytes.NewReader(file)); err != nil {
			t.Fatal(err)
		}
		if err := <-streamed; !errors.Is(err, errReplaced) {
			t.Errorf("who streams the changes is told %v", err)
		}
		if w := <-poll; w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "read it all, from 0") {
			t.Errorf("who polls for changes is told %d %s", w.Code, w.Body)
		}
		sameText(t, "with sample="+sample, s.everything(t), before)
		if _, err := s.Restore(t.Context(), bytes.NewReader(file)); err == nil {
			t.Error("a second restore is taken")
		}
	}
}

// poll waits for a change after a revision. It returns when the service waits.
func (s *service) poll(t *testing.T, after uint64) <-chan *httptest.ResponseRecorder {
	t.Helper()
	w := &waiting{noDeadlines{httptest.NewRecorder()}, make(chan struct{})}
	r := httptest.NewRequestWithContext(t.Context(), "GET", fmt.Sprintf("/changes?after=%d&wait=1m", after), nil)
	done := make(chan *httptest.ResponseRecorder, 1)
	go func() {
		api.Record(s.server.Routes(), s.server).ServeHTTP(w, r)
		done <- w.ResponseRecorder
	}()
	<-w.begun
	return done
}

// waiting says when it is given time.
type waiting struct {
	noDeadlines
	begun chan struct{}
}

func (w *waiting) SetReadDeadline(time.Time) error {
	close(w.begun)
	return nil
}

// follow follows the changes after a revision, to the first error. It returns when
// the service has begun to answer.
func (s *service) follow(t *testing.T, after uint64) <-chan error {
	t.Helper()
	begun, done := make(chan struct{}), make(chan error, 1)
	c := NewClient(&http.Client{Transport: answering{s.http.Transport, begun}})
	c.base = s.base
	go func() {
		for _, err := range c.Changes(t.Context(), after) {
			done <- err
			return
		}
	}()
	<-begun
	return done
}

// answering says when an answer has begun.
type answering struct {
	http.RoundTripper
	begun chan struct{}
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	defer close(a.begun)
	return a.RoundTripper.RoundTrip(r)
}

// A restore that is under way is not disturbed by another.
func TestRestoreOneAtATime(t *testing.T) {
	s := openService(t, t.TempDir())
	s.server.store.restoring.Lock()
	_, err := s.Restore(t.Context(), strings.NewReader("PK"))
	if conflict, ok := errors.AsType[*ConflictError](err); !ok || !strings.Contains(conflict.Detail, "another archive is being restored") {
		t.Errorf("%v, want a conflict", err)
	}
	s.server.store.restoring.Unlock()
}

// What was written while the archive arrived is not lost: it is refused then.
func TestRestoreFindsChange(t *testing.T) {
	_, file := archived(t, tell(t, story()))
	s := mustOpenAt(t, disktest.New())
	before := s.everything(t)
	reader := &meddler{Reader: bytes.NewReader(file), meddle: func() {
		if _, err := s.CreateClass(t.Context(), ClassInput{Title: new("Mine")}, ""); err != nil {
			t.Error(err)
		}
	}}
	_, err := s.server.store.restore(reader, int64(len(file)))
	if _, ok := errors.AsType[*ConflictError](err); !ok {
		t.Errorf("%v, want a conflict", err)
	}
	if after := s.everything(t); !strings.Contains(after, `"title":"Mine"`) || !strings.Contains(before, `"Sample class"`) {
		t.Errorf("there is %s", after)
	}
}

// meddler does something when the file is first read.
type meddler struct {
	*bytes.Reader
	meddle func()
}

func (m *meddler) ReadAt(p []byte, at int64) (int, error) {
	if m.meddle != nil {
		m.meddle()
		m.meddle = nil
	}
	return m.Reader.ReadAt(p, at)
}

// An archive that is damaged or tells what cannot be is refused by name, and
// nothing changes.
func TestRestoreRefuses(t *testing.T) {
	_, file := archived(t, tell(t, story()))
	s := openService(t, t.TempDir())
	before := s.everything(t)
	for _, c := range []struct {
		what string
		file []byte
		want ArchiveError
	}{
		{"no ZIP", []byte("Student,ID,Section\n"), ArchiveError{Detail: "no ZIP"}},
		{"cut", file[:len(file)-5], ArchiveError{Detail: "cut"}},
		{"of nothing", archiveOf(t), ArchiveError{Detail: "nothing was ever done"}},
		{"no JSON", archiveOf(t, `{"v":1,`), ArchiveError{"records/000001.ndjson", 1, "unexpected EOF"}},
		{"of a newer program", archiveOf(t, `{"v":1,"at":"2026-01-01T00:00:00Z","r":{"version":99}}`), ArchiveError{"records/000001.ndjson", 1, "use the newer program"}},
		{"with more than is known", archiveOf(t, `{"v":1,"at":"2026-01-01T00:00:00Z","r":{"version":1,"mood":"fine"}}`), ArchiveError{"records/000001.ndjson", 1, `unknown field "mood"`}},
		{"that names what is not there", archiveOf(t,
			`{"v":1,"at":"2026-01-01T00:00:00Z","r":{"version":1,"students":[{"new":{"id":1,"firstName":"","lastName":"A","classes":null}}]}}`,
			`{"v":1,"at":"2026-01-01T00:00:00Z","r":{"version":1,"enrollments":[{"class":1,"student":1,"enrolled":true}]}}`),
			ArchiveError{"records/000001.ndjson", 2, "it enrolls student 1 in class 1, and there are 1 and 0"}},
		{"with another count", archiveOf(t, `{"v":1,"at":"2026-01-01T00:00:00Z","r":{"version":1,"students":[{"new":{"id":1,"firstName":"","lastName":"A","classes":null}}]}}`),
			ArchiveError{Detail: "says that it has 0 classes, 0 students"}},
	} {
		_, err := s.Restore(t.Context(), bytes.NewReader(c.file))
		got, ok := errors.AsType[*ArchiveError](err)
		if !ok || got.Part != c.want.Part || got.Line != c.want.Line || !strings.Contains(got.Detail, c.want.Detail) {
			t.Errorf("an archive %s: %v, want %v", c.what, err, &c.want)
		}
		sameText(t, "after an archive "+c.what, s.everything(t), before)
	}
	if _, err := s.Restore(t.Context(), bytes.NewReader(file)); err != nil {
		t.Errorf("and then a good one: %v", err)
	}
}

// restoring is a restore on a disk that may fail. It returns the status of the
// answer, 0 without one.
func restoring(t *testing.T, disk *disktest.Disk, file []byte) (status int) {
	t.Helper()
	s, err := openAt(disk)
	if err != nil {
		return 0
	}
	defer s.stop()
	resp, _ := s.request(t, "POST /restore", string(file))
	return resp.StatusCode
}

// A crash at any operation of a restore, or one that fails, leaves the sample or
// the whole book: the book if that was answered, the sample if it was said that
// nothing was restored.
func TestRestoreAnywhere(t *testing.T) {
	t.Parallel()
	first, file := archived(t, tell(t, story()))
	after := first.seen(t)
	start := disktest.New()
	s := mustOpenAt(t, start)
	before := s.seen(t)
	s.stop()
	for _, fault := range []error{disktest.ErrCrashed, syscall.EIO, syscall.ENOSPC} {
		begun := 0 // operations, until the sample is open
		for n, more := 1, true; more; n++ {
			disk := start.Restart(nil)
			disk.Intercept(disktest.FailAt(n, fault))
			status := restoring(t, disk, file)
			if more = disk.Ops() >= n; status == 0 {
				begun = n
			}
			var r *rand.Rand
			if n%2 == 0 {
				r = rand.New(rand.NewPCG(6, uint64(n)))
			}
			s, err := openAt(disk.Restart(r))
			if err != nil {
				t.Fatalf("%v at operation %d: open: %v", fault, n, err)
			}
			what := fmt.Sprintf("%v at operation %d, answered %d", fault, n, status)
			switch got := s.seen(t); {
			case got == after && (status == 200 || status == 503 || status == 500 && fault == disktest.ErrCrashed):
			case got == before && status != 200:
			default:
				t.Fatalf("%s: there is\n%s", what, got)
			}
			if status == 507 && fault != syscall.ENOSPC || status == 0 && n > begun {
				t.Errorf("%s", what)
			}
			s.stop()
		}
	}
}

// archiveOf packs records into an archive of nothing else.
func archiveOf(t testing.TB, records ...string) []byte {
	t.Helper()
	return archiveCounting(t, archive.Counts{}, records...)
}

// archiveCounting is archiveOf with what it says that there is.
func archiveCounting(t testing.TB, counts archive.Counts, records ...string) []byte {
	t.Helper()
	var file bytes.Buffer
	w := archive.NewWriter(&file, toldAt(), func() {})
	var err error
	for _, r := range records {
		err = errors.Join(err, w.Record([]byte(r)))
	}
	if err := errors.Join(err, w.Close(counts)); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// The flag does what the request does, without a server.
func TestRestoreFlag(t *testing.T) {
	first := openSchool(t)
	body, err := first.Archive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, data := filepath.Join(dir, "school.zip"), filepath.Join(dir, "data")
	if err := errors.Join(os.WriteFile(file, text, 0o600), os.Mkdir(data, 0o700)); err != nil {
		t.Fatal(err)
	}
	restore := func(path, into string) (string, error) {
		var out strings.Builder
		done, err := Instead(into, func(name string) string { return map[string]string{"restore": path}[name] }, &out)
		if !done && path != "" {
			t.Error("it is not done")
		}
		return out.String(), err
	}
	if out, err := restore("", data); out != "" || err != nil {
		t.Errorf("without the flag: %q, %v", out, err)
	}
	if out, err := restore(file, data); err != nil || !strings.Contains(out, "changes 1 to 6; start the service") {
		t.Errorf("%q, %v", out, err)
	}
	for _, c := range []struct{ what, path, into, want string }{
		{"again", file, data, "the book is in use: it has 6 changes"},
		{"under a service", file, first.server.dataDir, "directory is in use"},
		{"no file", filepath.Join(dir, "none.zip"), data, "no such file"},
	} {
		if _, err := restore(c.path, c.into); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.what, err, c.want)
		}
	}
	s := openService(t, data)
	sameText(t, "restored", s.all(t), first.all(t))
}
