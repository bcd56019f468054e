package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
)

// errUsage is the error of a command line that was explained to the user.
var errUsage = errors.New("wrong usage")

// options is what the command line says.
type options struct {
	data       string
	importFile string
	generate   int
	services   []*service
}

// parseOptions reads the command line. What is wrong with it is said to stderr.
func parseOptions(args []string, stderr io.Writer) (*options, error) {
	o := &options{services: fourServices()}
	flags := flag.NewFlagSet("gradebook", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.data, "data", "data", "keep data in this `directory`, each service in its own part of it")
	flags.StringVar(&o.importFile, "import", "", "import this `file`, a gradebook or a spreadsheet, once all is ready")
	flags.Func("generate", "import a made-up class of `N` students, from 1 to 100000", func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100_000 {
			return errors.New("give a number from 1 to 100000")
		}
		o.generate = n
		return nil
	})
	for _, s := range o.services {
		flags.StringVar(&s.addr, s.flag, s.addr, "`host:port` of the "+s.words+"; port 0 picks a free one")
	}
	flags.Usage = func() {
		fmt.Fprint(stderr, "gradebook runs the registry, the log service, the grading service and the teachers' portal.\n\nUsage: gradebook [flags]\n\n")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil, err
	} else if err != nil {
		return nil, errUsage // the flag package has said what is wrong
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "gradebook takes flags only, not %q\n", flags.Arg(0))
		flags.Usage()
		return nil, errUsage
	}
	return o, nil
}

// uploads returns what is to be imported once the services run. It reads the
// file here and now, to say what is wrong with it before anything starts.
func (o *options) uploads() ([]upload, error) {
	var list []upload
	if o.importFile != "" {
		u, err := readUpload(o.importFile)
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	if o.generate > 0 {
		u, err := generate(o.generate)
		if err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	return list, nil
}
