package registry

import (
	"reflect"
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Registration)
		want   string // field: substring; "" is valid
	}{
		{"as it should be", func(r *Registration) {}, ""},
		{"other spellings of this machine", func(r *Registration) {
			r.HeartbeatURL, r.ServiceUpdateURL = "http://127.0.0.1:6000/h", "http://[::1]:6000/u"
		}, ""},
		{"another loopback address", func(r *Registration) { r.HeartbeatURL = "http://127.0.0.2:6000/h" }, "heartbeatURL: must have the scheme, host and port"},
		{"the default port", func(r *Registration) {
			r.ServiceURL, r.HeartbeatURL, r.ServiceUpdateURL = "http://localhost", "http://localhost:80/h", "http://localhost/u"
		}, ""},
		{"another port", func(r *Registration) { r.HeartbeatURL = "http://localhost:6001/h" }, "heartbeatURL: must have"},
		{"another machine for updates", func(r *Registration) { r.ServiceUpdateURL = "http://10.0.0.1:6000/u" }, "serviceUpdateURL: must be on this machine"},
		{"another machine", func(r *Registration) { r.ServiceURL = "http://example.com:6000" }, "serviceURL: must be on this machine"},
		{"a name that only begins well", func(r *Registration) { r.ServiceURL = "http://localhost.example.com:6000" }, "serviceURL: must be on this machine"},
		{"cloud metadata", func(r *Registration) { r.ServiceURL = "http://169.254.169.254" }, "serviceURL: must be on this machine"},
		{"https", func(r *Registration) { r.ServiceURL = "https://localhost:6000" }, "serviceURL: must begin with http://"},
		{"no scheme", func(r *Registration) { r.ServiceURL = "localhost:6000" }, "serviceURL: must begin with http://"},
		{"a user", func(r *Registration) { r.HeartbeatURL = "http://localhost:6000@example.com/h" }, "heartbeatURL: must have no user"},
		{"a query", func(r *Registration) { r.ServiceURL += "/?q" }, "serviceURL: must have no query"},
		{"port 0", func(r *Registration) { r.ServiceURL = "http://localhost:0" }, "serviceURL: must have a port"},
		{"port 65536", func(r *Registration) { r.ServiceURL = "http://localhost:65536" }, "serviceURL: must have a port"},
		{"no URL", func(r *Registration) { r.HeartbeatURL = "" }, "heartbeatURL: is missing"},
		{"a line break in the URL", func(r *Registration) { r.HeartbeatURL = "http://localhost:6000/a\r\nX: y" }, "heartbeatURL: is not a URL"},
		{"a long URL", func(r *Registration) { r.HeartbeatURL = "http://localhost:6000/" + strings.Repeat("x", maxURL) }, "heartbeatURL: must be at most 2048 bytes"},
		{"no name", func(r *Registration) { r.ServiceName = "" }, "serviceName: must be a letter"},
		{"63 characters", func(r *Registration) { r.ServiceName = strings.Repeat("x", 63) }, ""},
		{"64 characters", func(r *Registration) { r.ServiceName = strings.Repeat("x", 64) }, "serviceName: must be a letter"},
		{"a digit first", func(r *Registration) { r.ServiceName = "1A" }, "serviceName: must be a letter"},
		{"a dot", func(r *Registration) { r.ServiceName = "a.b" }, "serviceName: must be a letter"},
		{"the registry's name", func(r *Registration) { r.ServiceName = RegistryService }, "serviceName: RegistryService is"},
		{"a requirement that is no name", func(r *Registration) { r.RequiredServices = []string{"A", "a b"} }, `requiredServices: entry 2, "a b"`},
		{"64 requirements", func(r *Registration) { r.RequiredServices = strings.Split(strings.Repeat("A", 64), "") }, ""},
		{"65 in all", func(r *Registration) {
			r.RequiredServices, r.OptionalServices = strings.Split(strings.Repeat("A", 64), ""), []string{"B"}
		}, "requiredServices: 65 names"},
		{"an instance with a line break", func(r *Registration) { r.Instance = "a\nb" }, "instance: must be"},
		{"much metadata", func(r *Registration) { r.Metadata = map[string]string{"k": strings.Repeat("x", 257)} }, "metadata: keys and values"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Registration{ServiceName: "A", ServiceURL: "http://localhost:6000", ServiceUpdateURL: "http://localhost:6000/u", HeartbeatURL: "http://localhost:6000/h"}
			tt.change(&r)
			var got []string
			for _, e := range r.validate() {
				got = append(got, e.Field+": "+e.Detail)
			}
			text := strings.Join(got, "; ")
			if tt.want == "" && text != "" || !strings.Contains(text, tt.want) {
				t.Errorf("got %q, want %q", text, tt.want)
			}
		})
	}
}

func TestOneAddressHasOneKey(t *testing.T) {
	want := key("http://localhost:6000")
	for _, same := range []string{"http://LOCALHOST:6000/", "http://127.0.0.1:6000", "http://[::1]:06000"} {
		if got := key(same); got != want {
			t.Errorf("key(%q) = %q, want %q", same, got, want)
		}
	}
	for _, other := range []string{"http://localhost:6001", "http://127.0.0.2:6000", "http://localhost:6000/a"} {
		if key(other) == want {
			t.Errorf("key(%q) is that of another address", other)
		}
	}
}

// A field that equal forgot would never change again once it is registered.
func TestEqualLooksAtEveryField(t *testing.T) {
	change := map[reflect.Kind]reflect.Value{
		reflect.String: reflect.ValueOf("x"), reflect.Slice: reflect.ValueOf([]string{"x"}), reflect.Map: reflect.ValueOf(map[string]string{"x": "y"}),
	}
	var plain Registration
	for i := range reflect.TypeFor[Registration]().NumField() {
		var other Registration
		field := reflect.ValueOf(&other).Elem().Field(i)
		field.Set(change[field.Kind()])
		if plain.equal(&other) || !other.equal(&other) {
			t.Errorf("%s makes no difference", reflect.TypeFor[Registration]().Field(i).Name)
		}
	}
}

// A process that only asks again is answered, and nobody else hears of it.
func TestAskingAgainChangesNothing(t *testing.T) {
	h := play(t, "reg A#1 needs B; ok A#1; ack A")
	before := h.tab.revision
	h.do("reg A#1 needs B")
	if h.fx.registered == nil || h.fx.registered.Revision == 0 {
		t.Errorf("it is answered %v", h.fx.registered)
	}
	if n := len(h.fx.touched) + len(h.fx.probes) + len(h.fx.pushes) + len(h.fx.changes); n > 0 || h.fx.save || h.tab.revision != before {
		t.Errorf("something changed: %+v", h.fx)
	}
	h.do("reg A#1 needs B,C")
	if len(h.fx.touched) == 0 || !h.fx.save {
		t.Errorf("another need changes nothing: %+v", h.fx)
	}
}
