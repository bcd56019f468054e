package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// CommonFailure reports whether any route may fail with status: a request that
// the guards refuse, a body that is too large, and what is the service's own
// fault.
func CommonFailure(status int) bool {
	switch status {
	case http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusMisdirectedRequest,
		http.StatusInternalServerError, http.StatusServiceUnavailable, http.StatusInsufficientStorage:
		return true
	}
	return false
}

// otherFailures stands for the statuses that are not documented one by one.
const otherFailures = 0

// failure refers to the component of a failure, which it makes if need be.
func (d *document) failure(status int, media []string) (Schema, error) {
	name := strings.ReplaceAll(cmp.Or(http.StatusText(status), "Failure"), " ", "")
	switch {
	case !slices.Contains(media, mediaProblem):
		name += "Page"
	case len(media) > 1:
		name += "ProblemOrPage"
	}
	ref := Schema{"$ref": "#/components/responses/" + name}
	if d.failures[name] != nil {
		return ref, nil
	}
	var forms []Content
	for _, m := range media {
		c := Content{Media: m}
		if m == mediaProblem {
			c.Value = Problem{}
		}
		forms = append(forms, c)
	}
	content, err := d.contents(forms, false, false)
	d.failures[name] = Schema{"description": failureText(status), "content": content}
	switch status {
	case otherFailures, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		d.failures[name]["headers"] = headers([]Param{Text("Retry-After", "when it is worth another try, in seconds")})
	}
	return ref, err
}

// failureText says what a status means here.
func failureText(status int) string {
	switch status {
	case otherFailures:
		return "Any other failure: a request that a page of another site makes (403), a body that is too large (413), a Host that is not this service's (421), " +
			"a mistake of the service (500), it is stopping or lacks what it needs (503), its disk is full (507)."
	case http.StatusBadRequest:
		return "Malformed: the problem names each field, header or parameter and what it takes."
	case http.StatusNotFound:
		return "There is nothing of that name or id."
	case http.StatusConflict:
		return "It contradicts what is there now."
	case http.StatusPreconditionFailed:
		return "It has changed since it was read: the problem has what is there now."
	case http.StatusUnprocessableEntity:
		return "Understood but invalid: the problem names each field and what it takes."
	case http.StatusPreconditionRequired:
		return "It must say what it expects to be there now."
	}
	return http.StatusText(status)
}
