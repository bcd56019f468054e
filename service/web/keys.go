package web

import (
	"encoding/json"
	"net/http"
	"strings"
)

const maxLevels = 32

// checkKeys refuses objects in which a key repeats, letter case aside, since
// encoding/json would quietly take the last of them, and JSON of more than
// maxLevels levels. body must be valid JSON, so that it only has to find the
// strings and the brackets.
func checkKeys(body []byte) error {
	var scopes []keySet
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
				if key, ok := scopes[len(scopes)-1].add(body[i:end]); !ok {
					return Invalid(http.StatusBadRequest, FieldError{key, "appears twice (letter case does not count); send it once"})
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
	few  []string
	many map[string]bool
}

// add takes a quoted key and returns it unquoted; false if it was there.
func (s *keySet) add(quoted []byte) (string, bool) {
	key := string(quoted[1 : len(quoted)-1])
	if strings.IndexByte(key, '\\') >= 0 {
		if err := json.Unmarshal(quoted, &key); err != nil {
			return string(quoted), false
		}
	}
	if s.many != nil {
		folded := strings.ToLower(key)
		if s.many[folded] {
			return key, false
		}
		s.many[folded] = true
		return key, true
	}
	for _, known := range s.few {
		if strings.EqualFold(known, key) {
			return key, false
		}
	}
	s.few = append(s.few, key)
	if len(s.few) > 16 {
		s.many = make(map[string]bool, 64)
		for _, known := range s.few {
			s.many[strings.ToLower(known)] = true
		}
	}
	return key, true
}
