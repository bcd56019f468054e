package commitlog

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// ErrLocked is wrapped by Open's error when another process, or another Log of
// this one, has the directory open.
var ErrLocked = errors.New("directory is in use")

// lock takes path with lockFile and leaves the process id in it for the message
// that the next one gets. The lock, not the content, decides, so that nothing
// stale is left by a crash.
func lock(path string) (io.Closer, error) {
	f, err := lockFile(path)
	if errors.Is(err, ErrLocked) {
		holder, _ := os.ReadFile(path)
		return nil, fmt.Errorf("%w: %s is held by process %s: stop it first, or give this one another directory",
			ErrLocked, path, strings.TrimSpace(string(holder)))
	}
	if err != nil {
		return nil, err
	}
	// A full disk may refuse these few bytes; the log can still be read then.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	return f, nil
}
