// Command fleet is many services in one process, each with a listener of its
// own: it registers them all, answers heartbeats and acknowledges views as cheaply
// as it can, so that what is measured is the registry. It prints the address of
// its control server once all are registered.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

func main() {
	registry := flag.String("registry", "http://localhost:3000", "register here")
	n := flag.Int("n", 1000, "be so many services")
	from := flag.Int("from", 0, "give them numbers from here on")
	names := flag.Int("names", 1000, "share so many names")
	needs := flag.String("needs", "", "require this service; each requires another of the fleet unless given")
	flag.Parse()
	f := &fleet{url: *registry + "/services", http: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: registrars}}}
	if err := f.run(*n, *from, *names, *needs); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

// registrars is how many registrations are under way at once.
const registrars = 16

// fleet is all members of this process.
type fleet struct {
	url     string // of registrations
	http    *http.Client
	members []*member
	turn    chan struct{} // held by who registers
}

func (f *fleet) run(n, from, names int, needs string) error {
	f.turn = make(chan struct{}, registrars)
	for i := from; i < from+n; i++ {
		name, need := i%names, needs
		if need == "" && name > 0 { // a tree, so that nobody needs himself in a circle
			need = fmt.Sprintf("Fleet%d", name/2)
		}
		m, err := f.newMember(fmt.Sprintf("Fleet%d", name), need, i)
		if err != nil {
			return err
		}
		f.members = append(f.members, m)
	}
	var registering sync.WaitGroup
	errs := make(chan error, n)
	for _, m := range f.members {
		registering.Go(func() { errs <- m.register() })
	}
	registering.Wait()
	for range n {
		if err := <-errs; err != nil {
			return err
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", l.Addr())
	return http.Serve(l, f.control())
}

// control answers what a test wants to know.
func (f *fleet) control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /registrations", func(w http.ResponseWriter, _ *http.Request) {
		for _, m := range f.members {
			fmt.Fprintf(w, "%s\n", m.registration)
		}
	})
	// When each member came to hold a provider, or no longer to hold it, in
	// nanoseconds since 1970: answered once all have.
	mux.HandleFunc("GET /when", func(w http.ResponseWriter, r *http.Request) {
		held, err := strconv.ParseBool(r.URL.Query().Get("held"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		times := make([]int64, 0, len(f.members))
		for _, m := range f.members {
			at, err := m.await(r.Context(), r.URL.Query().Get("url"), held)
			if err != nil {
				http.Error(w, err.Error(), http.StatusGatewayTimeout)
				return
			}
			times = append(times, at.UnixNano())
		}
		json.NewEncoder(w).Encode(times)
	})
	return mux
}
