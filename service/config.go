package service

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
)

// errUsage is the error of a command line that was explained to the user.
var errUsage = errors.New("wrong usage")

// config is what the command line and the environment say.
type config struct {
	addr     string
	registry string
	data     string // absolute
	level    slog.Level
	traces   uint // new ones a second
	flags    *flag.FlagSet
}

// parseConfig reads args, of which the first is the program. Each flag can
// also stand in the environment as GRADEBOOK_ and its name, dashes as
// underscores; a flag beats the environment, which beats the default.
func parseConfig(spec Spec, args []string, getenv func(string) string, stderr io.Writer) (config, error) {
	c := config{flags: flag.NewFlagSet(program(args), flag.ContinueOnError)}
	c.flags.SetOutput(stderr)
	c.flags.StringVar(&c.addr, "addr", spec.Addr, "listen on this loopback `host:port`; port 0 picks a free one")
	c.flags.StringVar(&c.registry, "registry", "http://localhost:3000", "`URL` of the registry")
	c.flags.StringVar(&c.data, "data", filepath.Join("data", program(args)), "keep data in this `directory`")
	c.flags.TextVar(&c.level, "log-level", slog.LevelInfo, "log lines from this `level` on: debug, info, warn, error")
	c.flags.UintVar(&c.traces, "trace-rate", 10, "record up to `N` new traces a second, besides all requests that fail or are slow")
	if spec.Flags != nil {
		spec.Flags(c.flags)
	}
	if err := setFromEnv(c.flags, getenv); err != nil {
		return c, err
	}
	if err := c.flags.Parse(args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return c, err
		}
		return c, errUsage // the flag package has said what is wrong
	}
	if c.flags.NArg() > 0 {
		fmt.Fprintf(stderr, "%s takes flags only, not %q; see -h\n", program(args), c.flags.Arg(0))
		return c, errUsage
	}
	c.registry = strings.TrimRight(c.registry, "/")
	data, err := filepath.Abs(c.data)
	c.data = data
	return c, err
}

func setFromEnv(flags *flag.FlagSet, getenv func(string) string) error {
	var errs []error
	flags.VisitAll(func(f *flag.Flag) {
		name := "GRADEBOOK_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if value := getenv(name); value != "" {
			if err := flags.Set(f.Name, value); err != nil {
				errs = append(errs, fmt.Errorf("%s=%q in the environment: %w", name, value, err))
			}
		}
	})
	return errors.Join(errs...)
}

// flag returns the value of a flag the service declared.
func (c config) flag(name string) string {
	if f := c.flags.Lookup(name); f != nil {
		return f.Value.String()
	}
	return ""
}
