package web

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// WriteJSON answers v as JSON. It is encoded before the header is written, so
// a value that cannot be encoded becomes an error and not half an answer.
func WriteJSON(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return WriteRawJSON(w, status, append(body, '\n'))
}

// WriteRawJSON answers body, which is JSON already.
func WriteRawJSON(w http.ResponseWriter, status int, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, err := w.Write(body)
	return err
}
