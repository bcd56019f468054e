package grades

import (
	"net/http"
	"runtime"
	"time"

	"gradebook/service/web"
)

func (s *Server) getClassStatistics(w http.ResponseWriter, r *http.Request) error {
	return answerClass(s, w, r, (*classState).statistics)
}

func (s *Server) getStatistics(w http.ResponseWriter, r *http.Request) error {
	out, err := newSurvey(s.store.View, time.Now(), runtime.GOMAXPROCS(0)).run()
	if err != nil {
		return err
	}
	return web.WriteJSON(w, http.StatusOK, out)
}
