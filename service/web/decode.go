package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Decode reads a person's JSON body into v and refuses, with a *Problem,
// whatever could be read in two ways: another media type (415), a body over
// the limit (413), and, as 400 with the field, text that is not UTF-8 or not
// JSON, unknown fields, keys that repeat (letter case aside), wrong types,
// more than 32 levels, null, or anything after the value. Field names match
// in any letter case. On an error v must not be used.
func Decode(r *http.Request, v any) error {
	if err := checkMediaType(r); err != nil {
		return err
	}
	body, err := readBody(r)
	if err != nil {
		return err
	}
	return DecodeBytes(body, v)
}

// DecodeBytes is Decode for a body that has been read.
func DecodeBytes(body []byte, v any) error {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return NewProblem(http.StatusBadRequest, "the request has no body; send a JSON object")
	case !utf8.Valid(body):
		return NewProblem(http.StatusBadRequest, "the body is not UTF-8; save or send it as UTF-8")
	case string(body) == "null":
		return NewProblem(http.StatusBadRequest, "the body is null; send a JSON object")
	}
	if f, ok := v.(FieldDecoder); ok {
		return decodeFields(body, f)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil && d.InputOffset() == int64(len(body)) {
		return checkKeys(body)
	}
	if !json.Valid(body) {
		return syntaxProblem(body)
	}
	if repeated := checkKeys(body); repeated != nil {
		return repeated
	}
	return typeProblem(err)
}

// DecodeWire reads another program's JSON body into v. It ignores the media
// type and unknown fields, so that older and newer versions understand each
// other.
func DecodeWire(r *http.Request, v any) error {
	body, err := readBody(r)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil {
		if !json.Valid(body) {
			return syntaxProblem(body)
		}
		return typeProblem(err)
	}
	return nil
}

// checkMediaType accepts what curl and programs send for JSON.
func checkMediaType(r *http.Request) error {
	header := r.Header.Get("Content-Type")
	if header == "" || header == "application/json" {
		return nil
	}
	media, _, err := mime.ParseMediaType(header)
	switch {
	case err != nil:
	case media == "application/json", strings.HasSuffix(media, "+json"),
		media == "text/plain", media == "application/x-www-form-urlencoded":
		return nil
	}
	return NewProblem(http.StatusUnsupportedMediaType, "the body is %q; send JSON as application/json", header)
}

func readBody(r *http.Request) ([]byte, error) {
	size := r.ContentLength // a hint: a handler may have put a decompressing reader in its place
	if size < 0 || size > defaultBody {
		size = 512
	}
	body := make([]byte, 0, size+1)
	for {
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case err == io.EOF:
			return body, nil
		case err != nil:
			return nil, bodyProblem(err)
		case len(body) == cap(body):
			body = append(body, 0)[:len(body)]
		}
	}
}

// bodyProblem tells a body that is too large from one that did not arrive.
func bodyProblem(err error) *Problem {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return NewProblem(http.StatusRequestEntityTooLarge, "the body is over %d bytes; send less at a time", tooLarge.Limit)
	}
	p := NewProblem(http.StatusBadRequest, "the body did not arrive whole; send it again")
	p.Cause = err
	return p
}

// ReadBody reads a whole body that is not JSON: 413 when it is over the limit.
func ReadBody(r *http.Request) ([]byte, error) { return readBody(r) }

func syntaxProblem(body []byte) *Problem {
	var v any
	err := json.Unmarshal(body, &v)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		before := body[:min(int(syntax.Offset), len(body))]
		line := 1 + bytes.Count(before, []byte("\n"))
		return NewProblem(http.StatusBadRequest, "the body is not JSON: %s in line %d, at byte %d", strings.TrimPrefix(syntax.Error(), "json: "), line, syntax.Offset)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || err == nil {
		return NewProblem(http.StatusBadRequest, "the body is not JSON: it ends early")
	}
	return NewProblem(http.StatusBadRequest, "the body is not JSON: %v", err)
}

// typeProblem says which field is wrong; encoding/json names an unknown field
// only in its message.
func typeProblem(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p // from an UnmarshalJSON of ours
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field := wrong.Field
		if field == "" {
			field = "body"
		}
		return Invalid(http.StatusBadRequest, FieldError{field, "must be " + kindName(wrong.Type.Kind().String()) + ", not " + wrong.Value})
	}
	if quoted, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		if name, e := strconv.Unquote(quoted); e == nil {
			return unknownField(name)
		}
	}
	return NewProblem(http.StatusBadRequest, "the body does not fit: %s", strings.TrimPrefix(err.Error(), "json: "))
}

func kindName(kind string) string {
	switch {
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "slice", kind == "array":
		return "an array"
	case kind == "struct", kind == "map":
		return "an object"
	case kind == "bool":
		return "true or false"
	}
	return "a " + kind
}
