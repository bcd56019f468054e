package web

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Schema is a JSON Schema of the dialect of OpenAPI 3.1, JSON Schema 2020-12.
type Schema = map[string]any

// schemaer is a type that writes its own JSON and says what that is.
type schemaer interface{ JSONSchema() map[string]any }

// schemas makes schemas of Go types, as encoding/json writes and reads them.
// Structs that have a name become components. What is read is another matter
// than what is written, which has all members but those left out when empty:
// there null is nothing, and only those with the tag api:"needed" are required.
type schemas struct {
	read       bool // not written
	strict     bool // by a decoder that refuses unknown members
	components map[string]Schema
	types      map[string]reflect.Type // of the components
}

// ofValue returns the schema of what a route takes or gives.
func (s *schemas) ofValue(v any) (Schema, error) {
	several, ok := v.(AnyOf)
	if !ok {
		return s.of(reflect.TypeOf(v))
	}
	var list []Schema
	for _, one := range several {
		schema, err := s.of(reflect.TypeOf(one))
		if err != nil {
			return nil, err
		}
		list = append(list, schema)
	}
	return Schema{"anyOf": list}, nil
}

// of returns the schema of t.
func (s *schemas) of(t reflect.Type) (Schema, error) {
	if own, ok := reflect.Zero(t).Interface().(schemaer); ok && t.Kind() != reflect.Pointer {
		return own.JSONSchema(), nil
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return Schema{"type": "string", "format": "date-time"}, nil
	case reflect.TypeFor[json.RawMessage]():
		return Schema{}, nil
	case reflect.TypeFor[[]byte]():
		return Schema{"type": "string", "contentEncoding": "base64"}, nil
	}
	switch {
	case t.Kind() == reflect.Pointer:
		return s.nullable(t.Elem())
	case t.Implements(reflect.TypeFor[json.Marshaler]()), reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()):
		return ofOwn(t)
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return Schema{"type": "string"}, nil
	}
	return s.ofKind(t)
}

// ofOwn looks at the zero value of a type that writes and reads its own JSON.
func ofOwn(t reflect.Type) (Schema, error) {
	if text, err := json.Marshal(reflect.Zero(t).Interface()); err == nil && t.Implements(reflect.TypeFor[json.Marshaler]()) {
		var value any
		json.Unmarshal(text, &value) // it is JSON
		switch value.(type) {
		case float64:
			return Schema{"type": "number"}, nil
		case string:
			return Schema{"type": "string"}, nil
		}
	}
	return nil, fmt.Errorf("%v has a JSON of its own; give it a method JSONSchema() map[string]any", t)
}

func (s *schemas) ofKind(t reflect.Type) (Schema, error) {
	switch t.Kind() {
	case reflect.Bool:
		return Schema{"type": "boolean"}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return Schema{"type": "integer"}, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return Schema{"type": "integer", "minimum": 0}, nil
	case reflect.Float32, reflect.Float64:
		return Schema{"type": "number"}, nil
	case reflect.String:
		return Schema{"type": "string"}, nil
	case reflect.Interface:
		return Schema{}, nil
	case reflect.Slice, reflect.Array:
		items, err := s.of(t.Elem())
		return Schema{"type": s.orNull("array"), "items": items}, err
	case reflect.Map:
		values, err := s.of(t.Elem())
		return Schema{"type": s.orNull("object"), "additionalProperties": values}, err
	case reflect.Struct:
		return s.ofStruct(t)
	}
	return nil, fmt.Errorf("%v has no JSON", t)
}

// orNull is the type of what may be nil: when it is read.
func (s *schemas) orNull(name string) any {
	if s.read {
		return []string{name, "null"}
	}
	return name
}

// nullable is the schema of t or null.
func (s *schemas) nullable(t reflect.Type) (Schema, error) {
	schema, err := s.of(t)
	switch one := schema["type"].(type) {
	case string:
		schema["type"] = []string{one, "null"}
		return schema, err
	case []string:
		if slices.Contains(one, "null") {
			return schema, err
		}
	}
	if len(schema) == 0 { // anything
		return schema, err
	}
	return Schema{"anyOf": []Schema{schema, {"type": "null"}}}, err
}

// ofStruct refers to the component of a struct with a name.
func (s *schemas) ofStruct(t reflect.Type) (Schema, error) {
	if t.Name() == "" {
		return s.object(t)
	}
	name := s.name(t)
	ref := Schema{"$ref": "#/components/schemas/" + name}
	if known := s.types[name]; known != nil {
		if known != t {
			return nil, fmt.Errorf("%v and %v have the same name in the document; rename one", known, t)
		}
		return ref, nil
	}
	s.types[name] = t // before its members, which may refer to it
	var err error
	s.components[name], err = s.object(t)
	return ref, err
}

// name of the component of a type: in upper case, that of its type arguments
// without their packages behind it, and what is read apart from what is written.
func (s *schemas) name(t reflect.Type) string {
	name := regexp.MustCompile(`[^\[\],]*[./]`).ReplaceAllString(t.Name(), "")
	name = regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(name, "")
	name = strings.ToUpper(name[:1]) + name[1:]
	if s.read {
		name = strings.TrimSuffix(strings.TrimSuffix(name, "Body"), "Input") + "Input"
	}
	return name
}

// object is the schema of a struct's members.
func (s *schemas) object(t reflect.Type) (Schema, error) {
	properties, required := Schema{}, []string{}
	if err := s.members(t, properties, &required); err != nil {
		return nil, err
	}
	schema := Schema{"type": "object", "properties": properties}
	if s.read && s.strict {
		schema["additionalProperties"] = false
	}
	if len(required) > 0 {
		slices.Sort(required)
		schema["required"] = required
	}
	return schema, nil
}

// members adds the members that encoding/json makes of t's fields, those of
// embedded structs last: they are hidden by others of their name.
func (s *schemas) members(t reflect.Type, properties Schema, required *[]string) error {
	var embedded []reflect.Type
	for field := range t.Fields() {
		tag := field.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case field.Anonymous && name == "" && field.Type.Kind() == reflect.Struct:
			embedded = append(embedded, field.Type)
			continue
		case tag == "-" || !field.IsExported():
			continue
		case name == "":
			name = field.Name
		}
		if properties[name] != nil {
			continue
		}
		optional := strings.Contains(options, "omit")
		schema, err := s.member(field.Type, optional)
		if err != nil {
			return fmt.Errorf("%v.%s: %w", t, field.Name, err)
		}
		properties[name] = schema
		if !s.read && !optional || s.read && field.Tag.Get("api") == "needed" {
			*required = append(*required, name)
		}
	}
	for _, inner := range embedded {
		if err := s.members(inner, properties, required); err != nil {
			return err
		}
	}
	return nil
}

// member is the schema of a field: a pointer that is left out when it is nil is
// never written as null.
func (s *schemas) member(t reflect.Type, optional bool) (Schema, error) {
	if t.Kind() == reflect.Pointer && optional && !s.read {
		t = t.Elem()
	}
	return s.of(t)
}
