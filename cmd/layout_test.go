package cmd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestLayoutTopLevel holds the promise that ls answers what this is.
func TestLayoutTopLevel(t *testing.T) {
	want := []string{"LICENSE", "README.md", "cmd", "go.mod", "grades", "log", "portal", "registry", "service"}
	if got := topLevel(t); !slices.Equal(got, want) {
		t.Errorf("the top level holds %q, want %q", got, want)
	}
}

// topLevel lists what is kept in the top directory, without dot files: what git
// keeps, or in a copy without git what is not made by building and running.
func topLevel(t *testing.T) []string {
	t.Helper()
	list := exec.Command("git", "ls-files")
	list.Dir = root()
	var names []string
	if out, err := list.Output(); err == nil && len(out) > 0 {
		for file := range strings.Lines(string(out)) {
			name, _, _ := strings.Cut(strings.TrimSpace(file), "/")
			names = append(names, name)
		}
	} else {
		entries, err := os.ReadDir(root())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		made := append(inOrder(), "data", "gradebook")
		names = slices.DeleteFunc(names, func(name string) bool {
			return slices.Contains(made, strings.TrimSuffix(name, ".exe"))
		})
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, ".") })
	slices.Sort(names)
	return slices.Compact(names)
}

func TestLayoutNeedsNothing(t *testing.T) {
	mod, err := os.ReadFile(filepath.Join(root(), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mod)) {
		switch word, _, _ := strings.Cut(strings.TrimSpace(line), " "); word {
		case "", "module", "go":
		default:
			t.Errorf("go.mod has the line %q: it is to hold the module and the version of Go only", line)
		}
	}
	if _, err := os.Stat(filepath.Join(root(), "go.sum")); err == nil {
		t.Error("go.sum exists, so something is required")
	}
}

// importTable says which packages of ours each may import, outside its tests.
// A command may import everything.
func importTable() map[string][]string {
	return map[string][]string{
		"service/web":       {},
		"service/telemetry": {},
		"log/commitlog":     {},
		"log/column":        {},
		"service/store":     {"log/commitlog"},
		"registry":          {"service/web", "service/telemetry"},
		"log":               {"log/column", "log/commitlog", "service/web", "service/telemetry"},
		"service":           {"registry", "log", "service/web", "service/telemetry"},
		"grades/zipfile":    {},
		"grades/archive":    {"grades/zipfile"},
		"grades":            {"grades/archive", "grades/zipfile", "service/store", "service/web", "service/telemetry"},
		"grades/exchange":   {"grades", "grades/zipfile"},
		"portal":            {"grades", "log", "registry", "service/web", "service/telemetry"},
	}
}

func TestImportTable(t *testing.T) {
	table := importTable()
	packages := goPackages(t)
	for dir := range table {
		if packages[dir] == nil {
			t.Errorf("the table has %s, which is no package", dir)
		}
	}
	for dir, files := range packages {
		support := strings.HasSuffix(dir, "test") // for the tests of the package above it
		allowed, known := table[dir], table[dir] != nil || support || strings.HasPrefix(dir, "cmd/") || dir == "cmd"
		if !known && !strings.Contains(dir, "testdata") {
			t.Errorf("package %s is not in the import table", dir)
		}
		if support {
			allowed = []string{path.Dir(dir)}
		}
		for name, file := range files {
			isTest := strings.HasSuffix(name, "_test.go")
			for _, imported := range imports(t, file) {
				ours, isOurs := strings.CutPrefix(imported, "gradebook/")
				first, _, _ := strings.Cut(imported, "/")
				switch {
				case imported == "log":
					t.Errorf("%s/%s imports the standard log; use log/slog", dir, name)
				case strings.Contains(first, "."):
					t.Errorf("%s/%s imports %s, which is neither ours nor the standard library's", dir, name, imported)
				case isOurs && !isTest && !strings.HasPrefix(dir, "cmd/") && !slices.Contains(allowed, ours):
					t.Errorf("%s/%s imports %s; of ours %s may import %q", dir, name, ours, dir, allowed)
				}
			}
		}
	}
}

// TestLayoutOneLook: a page's own stylesheet takes colours and measures from
// the one that all share.
func TestLayoutOneLook(t *testing.T) {
	const shared = "service/web/look/static/base.css"
	found := 0
	err := fs.WalkDir(os.DirFS(root()), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".css" {
			return err
		}
		found++
		css, err := os.ReadFile(filepath.Join(root(), name))
		if defines := strings.Contains(string(css), ":root"); defines != (name == shared) {
			t.Errorf("%s defines the looks: %t", name, defines)
		}
		return err
	})
	if err != nil || found < 2 {
		t.Errorf("found %d stylesheets, %v", found, err)
	}
}

func TestLayoutEveryPackageIsDescribed(t *testing.T) {
	for dir, files := range goPackages(t) {
		described := slices.ContainsFunc(slices.Collect(maps.Values(files)), func(f *ast.File) bool {
			return f.Doc.Text() != ""
		})
		if !described {
			t.Errorf("package %s has no doc comment", dir)
		}
	}
}

// goPackages returns the files of each directory that holds Go, by the
// directory's path from the root and the file's name.
func goPackages(t *testing.T) map[string]map[string]*ast.File {
	t.Helper()
	found := map[string]map[string]*ast.File{}
	err := fs.WalkDir(os.DirFS(root()), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || name == "data") {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root(), name), nil, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		dir := path.Dir(name)
		if found[dir] == nil {
			found[dir] = map[string]*ast.File{}
		}
		found[dir][path.Base(name)] = file
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func imports(t *testing.T, file *ast.File) []string {
	t.Helper()
	var paths []string
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return paths
}
