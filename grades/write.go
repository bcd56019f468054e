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
		ctx, commit := telemetry.Start(r.Context(), "commit")
		_, err = s.store.Do(ctx, func(b *Book, at time.Time) (Record, bool, error) {
			if out, err = key.replay(b, at); out != nil || err != nil {
				return Record{}, false, err
			}
			if made, err = decide(b, actor, at); err != nil {
				return Record{}, false, err
			}
			record := Record{Version: recordVersion, Action: made.action, Actor: actor, Changes: made.changes}
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
	k := &key{scope: r.Pattern + " " + actor, key: text, hash: sha256.New()}
	io.WriteString(k.hash, r.URL.Path+"?"+r.URL.RawQuery+"\n")
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r.Body, k.hash), r.Body}
	return k, nil
}

// replay returns the answer that the key was given before, nil without one.
func (k *key) replay(b *Book, at time.Time) (*answer, error) {
	if k == nil {
		return nil, nil
	}
	use := b.keys.find(k.scope, k.key, at)
	if use == nil {
		return nil, nil
	}
	if !bytes.Equal(use.Hash, k.hash.Sum(nil)) {
		return nil, &KeyReusedError{k.key}
	}
	return &answer{status: use.Status, location: use.Location, body: bytes.Clone(use.Body)}, nil
}

func (k *key) use(a *answer) *KeyUse {
	return &KeyUse{Scope: k.scope, Key: k.key, Hash: k.hash.Sum(nil), Status: a.status, Location: a.location, Body: a.body}
}
