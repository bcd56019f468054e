package grades

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gradebook/grades/archive"
)

// maxTables is more classes than a school has: a reader of archives takes 200,000
// files.
const maxTables = 100_000

// tables adds a file of each class as it was, for people to open.
func (a *schoolArchive) tables(ctx context.Context, out *archive.Writer) error {
	if a.table == nil || a.counts.Classes > maxTables {
		return nil
	}
	for id := 1; id <= a.counts.Classes; id++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		class, err := a.class(id)
		if _, removed := errors.AsType[*NotFoundError](err); removed {
			continue
		}
		if err != nil {
			return err
		}
		var file bytes.Buffer
		if err := a.table.Write(&file, []*Gradebook{class}); err != nil {
			return fmt.Errorf("table of class %d: %w", id, err)
		}
		if err := out.File(tableName(id, class.Class.Title, a.table.Extension()), file.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// class is the gradebook of a class as it was, or a *NotFoundError.
func (a *schoolArchive) class(id int) (out *Gradebook, err error) {
	if viewed := a.book.View(func(b *Book) {
		if class, err := b.class(id); err == nil && class.Revision <= a.revision { // as nearly all are
			out = class.gradebook(a.now)
		}
	}); viewed != nil {
		return nil, viewed
	}
	if out != nil {
		return out, nil
	}
	book, _, err := past(a.book, id, instant{revision: a.revision}, a.now)
	if err != nil {
		return nil, err
	}
	return book.classes[id-1].gradebook(a.now), nil
}

// longestTitle is how many bytes of a title the name of a file has: no system
// takes more than 255 for all of it.
const longestTitle = 150

// tableName is a name that a file can have everywhere, and no two classes have.
func tableName(id int, title, extension string) string {
	title = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || !unicode.IsGraphic(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, title)
	for len(title) > longestTitle {
		_, size := utf8.DecodeLastRuneInString(title)
		title = title[:len(title)-size]
	}
	return fmt.Sprintf("classes/%d %s.%s", id, title, extension)
}
