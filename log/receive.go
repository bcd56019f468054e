package log

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"gradebook/service/web"
)

const (
	maxBody   = 4 << 20  // of a body with many entries, before and after decompression
	smallBody = 64 << 10 // a larger body waits until only so many others are in hand, since what is
	maxLarge  = 4        // made of it takes several times its size
)

// post stores a body: text as one entry, JSON and NDJSON as many.
func (s *Server) post(w http.ResponseWriter, r *http.Request) error {
	kind := bodyForm(r.Header.Get("Content-Type"))
	body, err := readBody(w, r, kind)
	if err != nil {
		return err
	}
	if len(body) > smallBody {
		s.large <- struct{}{}
		defer func() { <-s.large }()
	}
	answer, err := s.receive(kind, body, time.Now())
	if err != nil {
		return err
	}
	if kind == formText {
		return web.WriteRawJSON(w, http.StatusOK, fmt.Appendf(nil, `{"offset":%d}`+"\n", answer.First))
	}
	return web.WriteRawJSON(w, http.StatusOK, answer.append(nil))
}

// receive stores what is in a body, unless its services send too much.
func (s *Server) receive(kind form, body []byte, now time.Time) (receipt, error) {
	if kind == formLines && !s.limits.quiet(now) {
		if err := s.limits.check(firstService(body, now), now); err != nil {
			return receipt{}, err
		}
	}
	records, rejected, err := parse(kind, body, now)
	if err != nil {
		return receipt{}, err
	}
	services := map[string]int{}
	countServices(services, records)
	if err := s.limits.take(services, now); err != nil {
		return receipt{}, err
	}
	first, count, err := s.store(records)
	return receipt{First: first, Count: count, Rejected: rejected}, err
}

// firstService returns the service of the first line and how many lines there are: enough to
// refuse a body without parsing it all, which is most of the work. It is empty if that line is no
// entry.
func firstService(body []byte, now time.Time) map[string]int {
	var service string
	entries := 0
	for line := range bytes.Lines(body) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if entries++; entries > 1 {
			continue
		}
		r, err := newObjectParser(len(line), now).parse(string(line))
		if err != nil {
			return nil
		}
		service = r.service
	}
	return map[string]int{service: entries}
}

// placed answers a text, which is one entry.
type placed struct {
	Offset uint64 `json:"offset"`
}

// receipt answers a body of many entries.
type receipt struct {
	First    uint64      `json:"first"`    // offset of the first entry stored; 0 if none was new
	Count    int         `json:"count"`    // entries stored now, from First on
	Rejected []rejection `json:"rejected"` // lines not stored because they are no entries
}

// append writes the receipt as JSON, without reflection, since there is one for each request.
func (r receipt) append(b []byte) []byte {
	b = append(strconv.AppendUint(append(b, `{"first":`...), r.First, 10), `,"count":`...)
	b = append(strconv.AppendInt(b, int64(r.Count), 10), `,"rejected":`...)
	if len(r.Rejected) == 0 {
		return append(b, "[]}\n"...)
	}
	rejected, _ := json.Marshal(r.Rejected) // it cannot fail
	return append(append(b, rejected...), "}\n"...)
}

// readBody reads what was sent, decompressed. A text is one entry and has its limit.
func readBody(w http.ResponseWriter, r *http.Request, kind form) ([]byte, error) {
	limit := int64(maxBody)
	if kind == formText {
		limit = MaxEntry
	}
	if r.ContentLength < 0 || r.ContentLength > MaxEntry { // net/http reads no more than was announced
		web.BodyLimit(w, r, limit)
	}
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			p := web.NewProblem(http.StatusBadRequest, "the body is not gzip, as its Content-Encoding says")
			p.Cause = err
			return nil, p
		}
		r.Body = http.MaxBytesReader(w, io.NopCloser(z), limit)
	default:
		return nil, web.NewProblem(http.StatusUnsupportedMediaType, "Content-Encoding %q is not known here: send gzip, or none", encoding)
	}
	return web.ReadBody(r)
}

// parse makes records of a body. The error is errTooLarge or a 400 problem, and then nothing of
// the body is stored.
func parse(kind form, body []byte, now time.Time) (records []record, rejected []rejection, err error) {
	switch kind {
	case formText:
		var r record
		r, err = parseText(body, now)
		records = []record{r}
	case formJSON:
		records, rejected, err = parseJSON(body, now)
	case formLines:
		records, rejected = parseLines(body, now)
	}
	switch {
	case err == errTooLarge:
		return nil, nil, err
	case err != nil:
		return nil, nil, web.NewProblem(http.StatusBadRequest, "%v", err)
	case len(records) == 0 && len(rejected) == 0:
		return nil, nil, web.NewProblem(http.StatusBadRequest, `the body holds no entry: send at least one, such as {"message":"hello"}`)
	case len(records) == 0:
		var errs []web.FieldError
		for _, r := range rejected {
			errs = append(errs, web.FieldError{Field: fmt.Sprintf("line %d", r.Line), Detail: r.Detail})
		}
		return nil, nil, web.Invalid(http.StatusBadRequest, errs...)
	}
	return records, rejected, nil
}
