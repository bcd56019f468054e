package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// Document returns the OpenAPI 3.1 description of a service that has routes, as
// JSON. It is the same for the same routes. The error is a mistake in them: two
// of one method and path, two types of one name, a type without a JSON of its
// own.
// See https://spec.openapis.org/oas/v3.1.1.html.
func Document(title, version, description string, routes []Route) ([]byte, error) {
	d := document{
		paths:    map[string]Schema{},
		failures: map[string]Schema{},
		schemas:  schemas{components: map[string]Schema{}, types: map[string]reflect.Type{}},
	}
	for i := range routes {
		if err := d.add(&routes[i]); err != nil {
			return nil, fmt.Errorf("document %q: %w", routes[i].Pattern, err)
		}
	}
	return json.Marshal(Schema{
		"openapi": "3.1.1",
		"info":    Schema{"title": title, "version": version, "description": description},
		"paths":   d.paths,
		"components": Schema{
			"schemas":   d.schemas.components,
			"responses": d.failures,
		},
	})
}

// document is one that is being made.
type document struct {
	paths    map[string]Schema // by template, of methods
	failures map[string]Schema // components, by name
	schemas  schemas
}

func (d *document) add(r *Route) error {
	path := d.paths[r.Template()]
	if path == nil {
		path = Schema{}
		d.paths[r.Template()] = path
	}
	for _, method := range r.Methods() {
		if path[method] != nil {
			return errors.New("there are two of it")
		}
		operation, err := d.operation(r)
		if err != nil {
			return err
		}
		operation["operationId"] = operationID(method, r.Template())
		path[method] = operation
	}
	return nil
}

// operationID names an operation by what it is: "get-classes-class-gradebook".
func operationID(method, template string) string {
	return method + strings.NewReplacer("/", "-", "{", "", "}", "", ".", "-").Replace(strings.TrimSuffix(template, "/"))
}

func (d *document) operation(r *Route) (Schema, error) {
	operation := Schema{"summary": r.Summary}
	if list := parameters(r); list != nil {
		operation["parameters"] = list
	}
	if len(r.Takes) > 0 {
		content, err := d.contents(r.Takes, true, !r.Wire)
		if err != nil {
			return nil, err
		}
		operation["requestBody"] = Schema{"required": true, "content": content}
	}
	responses, err := d.responses(r)
	operation["responses"] = responses
	return operation, err
}

func parameters(r *Route) []Schema {
	var list []Schema
	add := func(in string, params []Param) {
		for _, p := range params {
			one := Schema{"name": p.Name, "in": in, "schema": p.Schema}
			if p.Means != "" {
				one["description"] = p.Means
			}
			if in == "path" || p.Needed {
				one["required"] = true
			}
			list = append(list, one)
		}
	}
	add("path", r.Path)
	add("query", r.Query)
	add("header", r.Headers)
	return list
}

// responses are the answers of a route by status. Its failures are components,
// which all routes of a Mux share.
func (d *document) responses(r *Route) (Schema, error) {
	responses := Schema{}
	for _, a := range r.Gives {
		status := strconv.Itoa(a.Status)
		if a.Status == AnyStatus {
			status = "default"
		}
		if responses[status] != nil {
			continue // one of several forms
		}
		var forms []Content
		for _, other := range r.Gives {
			if other.Status == a.Status && other.Media != "" {
				forms = append(forms, other.Content)
			}
		}
		one := Schema{"description": cmp.Or(http.StatusText(a.Status), "What the service answers.")}
		if len(r.Sends) > 0 {
			one["headers"] = headers(r.Sends)
		}
		if forms != nil {
			content, err := d.contents(forms, false, false)
			if err != nil {
				return nil, err
			}
			one["content"] = content
		}
		responses[status] = one
	}
	for _, status := range r.Fails {
		ref, err := d.failure(status, r.Failures)
		if err != nil {
			return nil, err
		}
		responses[strconv.Itoa(status)] = ref
	}
	if responses["default"] != nil {
		return responses, nil
	}
	ref, err := d.failure(otherFailures, r.Failures)
	responses["default"] = ref
	return responses, err
}

// contents are bodies by media type.
func (d *document) contents(list []Content, read, strict bool) (Schema, error) {
	s := d.schemas
	forms := Schema{}
	for _, c := range list {
		form := Schema{}
		s.read, s.strict = read, strict && c.Media == mediaJSON
		if c.Value != nil {
			schema, err := s.ofValue(c.Value)
			if err != nil {
				return nil, err
			}
			form[schemaKey(c.Media)] = schema
		}
		forms[c.Media] = form
	}
	return forms, nil
}

// schemaKey is where a media type's schema stands. OpenAPI 3.1 has no place for
// that of each line or event of a stream; this is 3.2's, as an extension.
func schemaKey(media string) string {
	if media == "text/event-stream" || media == "application/x-ndjson" {
		return "x-itemSchema"
	}
	return "schema"
}

func headers(params []Param) Schema {
	all := Schema{}
	for _, p := range params {
		all[p.Name] = Schema{"description": p.Means, "schema": p.Schema}
	}
	return all
}
