package zipfile

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxName = 255 // bytes; what file systems take

// checkName refuses a name that is not one of a file within the folder on every
// system.
func checkName(name string) error {
	switch bare := strings.TrimSuffix(name, "/"); {
	case !utf8.ValidString(name):
		return refuse(name, "has a name that is not UTF-8; rename the file and make the ZIP again")
	case len(name) > maxName:
		return refuse(name, "has a name of %d bytes, over %d; rename the file and make the ZIP again", len(name), maxName)
	case strings.HasPrefix(name, "/"), strings.HasPrefix(name, `\`), len(name) > 1 && name[1] == ':':
		return refuse(name, "has an absolute path, which no honest program writes; make the ZIP again from the files themselves")
	case bare == "..", strings.HasPrefix(name, "../"), strings.Contains(name, "/../"), strings.HasSuffix(bare, "/.."):
		return refuse(name, "leads out of its folder, which no honest program writes; make the ZIP again from the files themselves")
	case strings.ContainsAny(name, `\:`), strings.ContainsFunc(name, unicode.IsControl), bare != path.Clean(bare), bare == ".":
		return refuse(name, "is no name that a file can have everywhere; rename the file and make the ZIP again")
	}
	return nil
}

// folded is what two names have in common that are one on some system.
func folded(name string) string { return strings.ToLower(strings.TrimSuffix(name, "/")) }
