package exchange

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strings"
)

// What a manifest says of a file.
const (
	rosterAbsent = "absent"
	rosterBulk   = "bulk"  // all there is
	rosterDelta  = "delta" // what has changed
)

const manifestFile = "manifest.csv"

// manifest says what the files of a OneRoster ZIP are.
type manifest struct {
	version string            // 1.1 or 1.2
	modes   map[string]string // by the name of the file, without .csv
	lines   map[string]int    // where it says so
}

// readManifest checks the properties of a manifest, each with the line where it
// stands, and the files that are in the ZIP against it.
func readManifest(rows []manifestRow, inZIP []string, bad *rosterFaults) manifest {
	m := manifest{modes: map[string]string{}, lines: map[string]int{}}
	values := map[string]manifestRow{}
	for _, r := range rows {
		if before, again := values[r.name]; again {
			bad.add(manifestFile, r.line, "propertyName", "%.100q is in line %d too; leave one of them out", r.name, before.line)
		}
		values[r.name] = r
	}
	v, given := values["oneroster.version"]
	switch m.version = v.value; {
	case !given:
		bad.add(manifestFile, 1, "", "there is no line oneroster.version; add oneroster.version,1.1 or oneroster.version,1.2")
		return m
	case m.version != "1.1" && m.version != "1.2":
		bad.add(manifestFile, v.line, "value", "oneroster.version is %.40q, and 1.1 and 1.2 are read here; export the files again as one of them", m.version)
		return m
	}
	m.readModes(values, bad)
	m.compare(inZIP, bad)
	return m
}

// readModes reads what is said of each file.
func (m *manifest) readModes(values map[string]manifestRow, bad *rosterFaults) {
	for _, f := range rosterFiles(m.version) {
		m.modes[f.name] = ""
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		r := values[name]
		if r.name == "manifest.version" && r.value != "1.0" {
			bad.add(manifestFile, r.line, "value", "manifest.version is %.40q, and 1.0 is read here; export the files again", r.value)
		}
		file, ok := strings.CutPrefix(name, "file.")
		if !ok {
			continue
		}
		_, known := m.modes[file]
		switch {
		case !known:
			bad.add(manifestFile, r.line, "propertyName", "%.100q is no file of OneRoster %s; leave the line out, or correct its name", file, m.version)
		case r.value != rosterAbsent && r.value != rosterBulk && r.value != rosterDelta:
			bad.add(manifestFile, r.line, "value", "%.40q is none of absent, bulk and delta; say which of them %s.csv is", r.value, file)
		default:
			m.modes[file], m.lines[file] = r.value, r.line
		}
	}
}

// compare holds what the manifest says against what is in the ZIP.
func (m *manifest) compare(inZIP []string, bad *rosterFaults) {
	for _, name := range inZIP {
		file, isCSV := strings.CutSuffix(name, ".csv")
		mode, known := m.modes[file]
		switch {
		case name == manifestFile:
		case !isCSV || !known:
			bad.add(name, 0, "", "is in the ZIP and is no file of OneRoster %s; leave it out", m.version)
		case mode == "":
			bad.add(name, 0, "", "is in the ZIP, and the manifest does not name it; add the line file.%s,bulk to manifest.csv, or leave the file out", file)
		case mode == rosterAbsent:
			bad.add(name, 0, "", "is in the ZIP, and line %d of manifest.csv says that it is absent; correct the line, or leave the file out", m.lines[file])
		}
	}
	for file, mode := range m.modes {
		if (mode == rosterBulk || mode == rosterDelta) && !slices.Contains(inZIP, file+".csv") {
			bad.add(manifestFile, m.lines[file], "value", "says that %s.csv is %s, and the ZIP has no such file; add it at the top of the ZIP, in no folder, or say absent", file, mode)
		}
	}
}

// manifestRow is a line of a manifest.
type manifestRow struct {
	line        int
	name, value string
}

// writeManifest writes a manifest of these files.
func writeManifest(w io.Writer, version string, modes map[string]string) error {
	out := csv.NewWriter(w)
	out.Write([]string{"propertyName", "value"})
	out.Write([]string{"manifest.version", "1.0"})
	out.Write([]string{"oneroster.version", version})
	for _, name := range slices.Sorted(maps.Keys(modes)) {
		out.Write([]string{"file." + name, modes[name]})
	}
	out.Write([]string{"source.systemName", "Gradebook"})
	out.Flush()
	return out.Error()
}
