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
	h, values := w.Header(), []string{"application/json", strconv.Itoa(len(body))} // one allocation, since this is most answers
	h["Content-Type"], h["Content-Length"] = values[:1:1], values[1:]
	w.WriteHeader(status)
	_, err := w.Write(body)
	return err
}
