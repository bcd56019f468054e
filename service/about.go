package service

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
)

// contents says in words what is in dir.
func contents(dir string) string {
	var files int
	var size int64
	filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil // only a line for the reader
		}
		if info, err := d.Info(); err == nil {
			files++
			size += info.Size()
		}
		return nil
	})
	if files == 0 {
		return "nothing yet"
	}
	return fmt.Sprintf("%d files, %d KiB", files, (size+1023)>>10)
}

// version is the revision the binary was built from, "" when it does not know.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return ""
}
