package webtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// CheckDocument says where a document breaks the rules of OpenAPI 3.1 that a
// mistake in a route could break; sections are of the specification.
func CheckDocument(document map[string]any) []string {
	rules := &rules{document: document, ids: map[string]bool{}, shapes: map[string]string{}}
	rules.refs(document, "#")
	for kind, components := range at(document, "components") {
		for name := range components.(map[string]any) {
			if !componentName().MatchString(name) { // 4.8.7
				rules.complain("components/"+kind, "has the name %q", name)
			}
		}
	}
	for template, path := range at(document, "paths") {
		rules.path(template, path.(map[string]any))
	}
	slices.Sort(rules.faults)
	return rules.faults
}

func componentName() *regexp.Regexp { return regexp.MustCompile(`^[a-zA-Z0-9.\-_]+$`) }

func wildcard() *regexp.Regexp { return regexp.MustCompile(`\{([^}/]+)\}`) }

// rules looks at one document.
type rules struct {
	document map[string]any
	ids      map[string]bool   // of operations
	shapes   map[string]string // templates without names, and with them
	faults   []string
}

func (r *rules) complain(where, format string, args ...any) {
	r.faults = append(r.faults, where+": "+fmt.Sprintf(format, args...))
}

// refs holds that every $ref leads somewhere.
func (r *rules) refs(value any, where string) {
	switch v := value.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok && (&checker{document: r.document}).resolve(v) == nil {
			r.complain(where, "refers to %s, which is not there", ref)
		}
		for name, member := range v {
			r.refs(member, where+"/"+name)
		}
	case []any:
		for _, item := range v {
			r.refs(item, where)
		}
	}
}

// path: 4.8.8, a template begins with a slash, and no other differs from it in
// names alone.
func (r *rules) path(template string, operations map[string]any) {
	if !strings.HasPrefix(template, "/") || strings.Count(template, "{") != len(wildcard().FindAllString(template, -1)) {
		r.complain(template, "is no template of a path")
	}
	shape := wildcard().ReplaceAllString(template, "{}")
	if other, taken := r.shapes[shape]; taken {
		r.complain(template, "differs from %s in names alone", other)
	}
	r.shapes[shape] = template
	for method, operation := range operations {
		r.operation(method+" "+template, template, operation.(map[string]any))
	}
}

func (r *rules) operation(where, template string, operation map[string]any) {
	if !slices.Contains([]string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}, strings.Fields(where)[0]) { // 4.8.9
		r.complain(where, "has a method that no path has")
	}
	id, _ := operation["operationId"].(string)
	if id == "" || r.ids[id] { // 4.8.10
		r.complain(where, "has the operationId %q, which another has", id)
	}
	r.ids[id] = true
	if summary, _ := operation["summary"].(string); summary == "" {
		r.complain(where, "does not say what it does")
	}
	r.parameters(where, template, operation)
	r.responses(where, operation)
	if body, ok := operation["requestBody"].(map[string]any); ok && len(at(body, "content")) == 0 { // 4.8.13
		r.complain(where, "takes a body of no form")
	}
}

// parameters: 4.8.12, those of the path are those of the template and required,
// and none is there twice.
func (r *rules) parameters(where, template string, operation map[string]any) {
	var inPath []string
	known := map[string]bool{}
	list, _ := operation["parameters"].([]any)
	for _, value := range list {
		p := value.(map[string]any)
		name, in := p["name"].(string), p["in"].(string)
		if known[in+" "+name] || name == "" || p["schema"] == nil {
			r.complain(where, "has the parameter %q twice, or without a schema", name)
		}
		known[in+" "+name] = true
		if in == "path" {
			inPath = append(inPath, "{"+name+"}")
			if p["required"] != true {
				r.complain(where, "does not require %q, which is in its path", name)
			}
		} else if description, _ := p["description"].(string); description == "" {
			r.complain(where, "does not say what %q means", name)
		}
		if in == "header" && slices.Contains([]string{"Accept", "Content-Type", "Authorization"}, name) {
			r.complain(where, "has the header %q, which OpenAPI ignores", name)
		}
	}
	if want := wildcard().FindAllString(template, -1); !slices.Equal(want, inPath) {
		r.complain(where, "has the parameters %q in its path, not %q", inPath, want)
	}
}

// responses: 4.8.16 and 4.8.17, there is at least one, and each is described.
func (r *rules) responses(where string, operation map[string]any) {
	responses := at(operation, "responses")
	given := 0
	for status, value := range responses {
		response := (&checker{document: r.document}).resolve(value.(map[string]any))
		if description, _ := response["description"].(string); description == "" {
			r.complain(where, "does not describe %s", status)
		}
		if status[0] == '2' || status[0] == '3' || status == "default" && value.(map[string]any)["$ref"] == nil {
			given++
		}
	}
	if given == 0 {
		r.complain(where, "never succeeds")
	}
}
