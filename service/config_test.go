package service

import (
	"flag"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseConfig(t *testing.T) {
	spec := Spec{Name: "ToyService", Addr: "localhost:6000", Flags: func(fs *flag.FlagSet) { fs.Bool("sample", true, "begin with a sample") }}
	for _, c := range []struct {
		name, args, env string // env: KEY=value words
		want            config
		sample, says    string
	}{
		{"defaults", "", "", config{addr: "localhost:6000", registry: "http://localhost:3000", traces: 10}, "true", ""},
		{"flags", "-addr localhost:1 -registry http://localhost:2/ -sample=false -log-level debug -trace-rate 500", "", config{addr: "localhost:1", traces: 500, registry: "http://localhost:2", level: slog.LevelDebug}, "false", ""},
		{"environment", "", "GRADEBOOK_ADDR=localhost:3 GRADEBOOK_LOG_LEVEL=warn GRADEBOOK_TRACE_RATE=0 GRADEBOOK_SAMPLE=false", config{addr: "localhost:3", registry: "http://localhost:3000", level: slog.LevelWarn}, "false", ""},
		{"a flag beats the environment", "-addr localhost:1", "GRADEBOOK_ADDR=localhost:3", config{addr: "localhost:1", registry: "http://localhost:3000", traces: 10}, "true", ""},
		{"wrong in the environment", "", "GRADEBOOK_SAMPLE=maybe", config{}, "", `GRADEBOOK_SAMPLE="maybe" in the environment`},
		{"no rate", "-trace-rate -1", "", config{}, "", `invalid value "-1" for flag -trace-rate`},
		{"unknown flag", "-what", "", config{}, "", "flag provided but not defined: -what"},
		{"an argument", "start", "", config{}, "", `takes flags only, not "start"`},
		{"help", "-h", "", config{}, "", "-addr host:port"},
	} {
		var stderr strings.Builder
		getenv := func(key string) string {
			for word := range strings.FieldsSeq(c.env) {
				if value, ok := strings.CutPrefix(word, key+"="); ok {
					return value
				}
			}
			return ""
		}
		got, err := parseConfig(spec, append([]string{"/bin/toyservice.exe"}, strings.Fields(c.args)...), getenv, &stderr)
		if c.says != "" {
			if err == nil || !strings.Contains(stderr.String()+err.Error(), c.says) {
				t.Errorf("%s: %v, %q; want %q", c.name, err, stderr.String(), c.says)
			}
			continue
		}
		if err != nil || got.addr != c.want.addr || got.registry != c.want.registry || got.level != c.want.level || got.traces != c.want.traces || got.flag("sample") != c.sample {
			t.Errorf("%s: %+v, sample %s, %v; want %+v, sample %s", c.name, got, got.flag("sample"), err, c.want, c.sample)
		}
		if !filepath.IsAbs(got.data) || !strings.HasSuffix(got.data, filepath.Join("data", "toyservice")) {
			t.Errorf("%s: data directory %q", c.name, got.data)
		}
	}
}
