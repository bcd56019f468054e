package web

import (
	"bytes"
	"net/http"
)

const maxLevels = 32

// checkKeys refuses objects in which a key repeats, letter case aside, since
// encoding/json would quietly take the last of them, and JSON of more than
// maxLevels levels. body must be valid JSON, so that it only has to find the
// strings and the brackets.
func checkKeys(body []byte) error {
	scopes := make([]keySet, 0, 3) // on the stack; few bodies have more levels
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			if len(scopes) == maxLevels {
				return NewProblem(http.StatusBadRequest, "the body nests over %d levels; send a flatter one", maxLevels)
			}
			scopes = append(scopes, keySet{})
		case '}', ']':
			scopes = scopes[:len(scopes)-1]
		case '"':
			end := stringEnd(body, i)
			if isKey(body, end) {
				if key, isNew := scopes[len(scopes)-1].add(body[i:end]); !isNew {
					return Invalid(http.StatusBadRequest, FieldError{string(key), "appears twice (letter case does not count); send it once"})
				}
			}
			i = end - 1
		}
	}
	return nil
}

// stringEnd returns the index after the closing quote of the string at start.
func stringEnd(body []byte, start int) int {
	for i := start + 1; ; i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// isKey reports whether a colon follows.
func isKey(body []byte, i int) bool {
	for ; i < len(body); i++ {
		switch body[i] {
		case ' ', '\t', '\r', '\n':
		default:
			return body[i] == ':'
		}
	}
	return false
}

// keySet holds the keys of one object: a short list, then a map.
type keySet struct {
	few  [fewKeys][]byte
	n    int // of few
	many map[string]bool
}

const fewKeys = 8

// add takes a quoted key and returns it unquoted; false if it was there.
func (s *keySet) add(quoted []byte) (key []byte, isNew bool) {
	key, err := fieldName(quoted)
	if err != nil {
		return quoted, false
	}
	if s.many != nil {
		folded := string(bytes.ToLower(key))
		isNew = !s.many[folded]
		s.many[folded] = true
		return key, isNew
	}
	for _, known := range s.few[:s.n] {
		if bytes.EqualFold(known, key) {
			return key, false
		}
	}
	s.few[s.n] = key
	if s.n++; s.n == fewKeys {
		s.many = make(map[string]bool, 4*fewKeys)
		for _, known := range s.few {
			s.many[string(bytes.ToLower(known))] = true
		}
	}
	return key, true
}
