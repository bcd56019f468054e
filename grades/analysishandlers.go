package grades

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"time"

	"gradebook/service/web"
)

func (s *Server) postPreview(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathID(r, "class")
	if err != nil {
		return err
	}
	in, err := decodePreview(r)
	if err != nil {
		return err
	}
	var out *Preview
	err = s.view(func(b *Book, now time.Time) error {
		class, err := b.class(id)
		if err == nil {
			out, err = class.preview(in, now)
		}
		return err
	})
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, out)
}

func (s *Server) getChecks(w http.ResponseWriter, r *http.Request) error {
	return answerClass(s, w, r, (*classState).checks)
}

func (s *Server) getClassStatistics(w http.ResponseWriter, r *http.Request) error {
	return answerClass(s, w, r, (*classState).statistics)
}

func (s *Server) getStatistics(w http.ResponseWriter, r *http.Request) error {
	out, err := s.statistics(r.Context())
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, out)
}

// statistics are those of all classes. They are made for one request after the
// other: each takes all processors, and tens of megabytes in a large school.
func (s *Server) statistics(ctx context.Context) (*Statistics, error) {
	select {
	case s.surveys <- struct{}{}:
		defer func() { <-s.surveys }()
		return newSurvey(s.store.View, time.Now(), runtime.GOMAXPROCS(0)).run()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// previewBody is a PreviewInput whose numbers and times are not checked yet.
type previewBody struct {
	classBody
	Assignments []struct {
		ID        int     `json:"id"`
		Category  *string `json:"category"`
		Points    number  `json:"points"`
		Due       moment  `json:"due"`
		NeverDrop *bool   `json:"neverDrop"`
	} `json:"assignments"`
}

func decodePreview(r *http.Request) (PreviewInput, error) {
	var body previewBody
	if err := web.Decode(r, &body); err != nil {
		return PreviewInput{}, err
	}
	var f faults
	in := PreviewInput{ClassInput: body.input(&f)}
	for i, a := range body.Assignments {
		prefix := fmt.Sprintf("assignments[%d].", i)
		one := PreviewAssignment{ID: a.ID, Category: a.Category, Points: a.Points.score(&f, prefix+"points"), NeverDrop: a.NeverDrop}
		if due := a.Due.time(&f, prefix+"due"); a.Due.given {
			one.Due = &due
		}
		in.Assignments = append(in.Assignments, one)
	}
	return in, f.err()
}
