package web

import "net/http"

// Recorder is a ResponseWriter that remembers what was answered and why it
// failed. The chassis puts one under every request.
type Recorder struct {
	http.ResponseWriter
	Status int   // 0 until the header is written
	Bytes  int64 // of the body
	Cause  error // what Report was given
	Waits  bool  // a stream or a long poll: how long it takes says nothing
}

// WriteHeader notes the final status; 1xx answers are only passed on.
func (r *Recorder) WriteHeader(status int) {
	if r.Status == 0 && status >= 200 {
		r.Status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *Recorder) Write(p []byte) (int, error) {
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.Bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *Recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Report tells the chassis why a request failed, for its line in the log.
func Report(w http.ResponseWriter, err error) {
	if r := recorderOf(w); r != nil && r.Cause == nil {
		r.Cause = err
	}
}

// Started reports whether the answer to this request has begun.
func Started(w http.ResponseWriter) bool {
	r := recorderOf(w)
	return r != nil && r.Status != 0
}

func recorderOf(w http.ResponseWriter) *Recorder {
	for {
		if r, ok := w.(*Recorder); ok {
			return r
		}
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return nil
		}
		w = u.Unwrap()
	}
}
