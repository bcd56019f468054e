package grades

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"gradebook/service/telemetry"
	"gradebook/service/web"
)

// decideFunc decides a command on the book.
type decideFunc func(b *Book, actor string, at time.Time) (decision, error)

// write is the handler of every request that changes something: prepare turns
// the request into a command; write has it decided, kept and answered, once for
// each idempotency key.
func (s *Server) write(prepare func(r *http.Request) (decideFunc, error)) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor, err := actorOf(r)
		if err != nil {
			return err
		}
		key, err := keyOf(r, actor)
		if err != nil {
			return err
		}
		decide, err := prepare(r)
		if err != nil {
			return err
		}
		var made decision
		var out *answer
		var before uint64
		ctx, commit := telemetry.Start(r.Context(), "commit")
		_, err = s.store.Do(ctx, func(b *Book, at time.Time) (Record, bool, error) {
			if before = key.used(b, at); before != 0 {
				return Record{}, false, nil
			}
			if made, err = decide(b, actor, at); err != nil {
				return Record{}, false, err
			}
			record := Record{Version: made.changes.version(), Action: made.action, Actor: actor, Undoes: made.undoes, Import: made.applies, Changes: made.changes}
			if key == nil {
				return record, !made.changes.empty(), nil
			}
			if out, err = newAnswer(made); err != nil {
				return Record{}, false, err
			}
			record.Key = key.use(out)
			return record, true, nil
		})
		commit.End()
		if err != nil {
			return err
		}
		if before != 0 {
			return s.again(w, key, before)
		}
		if made.after != nil {
			made.after()
		}
		if !made.changes.empty() {
			s.changes.With(made.action).Add(1)
		}
		if out == nil {
			if out, err = newAnswer(made); err != nil {
				return err
			}
		}
		return out.write(w)
	}
}

// again answers a request whose key was used by the change of a revision.
func (s *Server) again(w http.ResponseWriter, key *key, revision uint64) error {
	entry, err := s.store.Record(revision)
	if err != nil {
		return err
	}
	out, err := key.replay(entry.Record)
	if err != nil {
		return err
	}
	return out.write(w)
}

// actorOf says who makes a request.
func actorOf(r *http.Request) (string, error) {
	var f faults
	actor := f.line("Gradebook-Actor", r.Header.Get("Gradebook-Actor"))
	if len(f) > 0 {
		return "", web.Invalid(http.StatusBadRequest, fieldErrors(f)...)
	}
	if actor == "" {
		return "api", nil
	}
	return actor, nil
}

// answer is what a write is answered with.
type answer struct {
	status         int
	location, etag string
	body           []byte // JSON, nil for none
}

func newAnswer(d decision) (*answer, error) {
	a := &answer{status: http.StatusOK, location: d.location}
	if d.location != "" {
		a.status = http.StatusCreated
	}
	if d.answer == nil {
		a.status = http.StatusNoContent
		return a, nil
	}
	switch g := d.answer.(type) {
	case Grade:
		a.etag = etag(&g)
	case StudentGrade:
		a.body = g.appendJSON(make([]byte, 0, 256))
		return a, nil
	}
	var err error
	a.body, err = json.Marshal(d.answer)
	return a, err
}

func (a *answer) write(w http.ResponseWriter) error {
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	if a.etag != "" {
		w.Header().Set("ETag", a.etag)
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return nil
	}
	return web.WriteRawJSON(w, a.status, append(a.body, '\n'))
}

// etag names the revision of a cell.
func etag(g *Grade) string { return `"r` + strconv.FormatUint(g.Revision, 10) + `"` }

// key is the idempotency key of a request; nil without one.
type key struct {
	id         keyID
	scope, key string
	hash       hash.Hash // complete when the body has been read
}

// keyOf returns the key of a POST, and has the body hashed as it is read.
func keyOf(r *http.Request, actor string) (*key, error) {
	text := r.Header.Get("Idempotency-Key")
	if text == "" || r.Method != http.MethodPost {
		return nil, nil
	}
	if len(text) > maxName || strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' }) {
		return nil, web.Invalid(http.StatusBadRequest, web.FieldError{Field: "Idempotency-Key", Detail: "must be 1 to 200 printable ASCII characters"})
	}
	scope := r.Pattern + " " + actor
	k := &key{id: newKeyID(scope, text), scope: scope, key: text, hash: sha256.New()}
	io.WriteString(k.hash, r.URL.Path+"?"+r.URL.RawQuery+"\n")
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, k.hash), r.Body}
	return k, nil
}

// used returns the revision that the key has led to before, 0 without one.
func (k *key) used(b *Book, at time.Time) uint64 {
	if k == nil {
		return 0
	}
	return b.keys.find(k.id, at)
}

// replay returns the answer that the key was given before, by a record.
func (k *key) replay(record Record) (*answer, error) {
	use := record.Key
	if !bytes.Equal(use.Hash, k.hash.Sum(nil)) {
		return nil, &KeyReusedError{k.key}
	}
	return &answer{status: use.Status, location: use.Location, body: use.Body}, nil
}

func (k *key) use(a *answer) *KeyUse {
	return &KeyUse{Scope: k.scope, Key: k.key, Hash: k.hash.Sum(nil), Status: a.status, Location: a.location, Body: a.body}
}
