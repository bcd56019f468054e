package webtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// checker holds JSON against the schemas of a document. It knows the keywords
// that our documents have, and says so of others.
type checker struct {
	document map[string]any
	open     bool // as a reader: members that are not documented are no fault unless the schema forbids them, and neither are letter case and null, which is as good as absent
}

// at goes down a path of members; nil if it leads nowhere.
func at(value map[string]any, names ...string) map[string]any {
	for _, name := range names {
		value, _ = value[name].(map[string]any)
	}
	return value
}

// resolve follows $ref, if there is one.
func (c *checker) resolve(value map[string]any) map[string]any {
	if ref, ok := value["$ref"].(string); ok {
		return at(c.document, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	return value
}

// checkText compares a JSON text with a schema and says what is wrong with it.
func (c *checker) checkText(schema map[string]any, text []byte) []string {
	var value any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return []string{fmt.Sprintf("%.60q is not JSON: %v", text, err)}
	}
	return c.check(schema, value, "$")
}

func (c *checker) check(schema map[string]any, value any, path string) (faults []string) {
	complain := func(format string, args ...any) {
		faults = append(faults, path+" "+fmt.Sprintf(format, args...))
	}
	if c.open && value == nil {
		return nil
	}
	schema = c.resolve(schema)
	for keyword, want := range schema {
		switch keyword {
		case "type":
			if !slices.ContainsFunc(texts(want), func(name string) bool { return isType(name, value) }) {
				complain("is %.60v, not %v", value, want)
			}
		case "enum":
			if !slices.Contains(want.([]any), value) {
				complain("is %.60v, none of %v", value, want)
			}
		case "minimum":
			if n, ok := number(value); ok && n < want.(float64) {
				complain("is %v, below %v", n, want)
			}
		case "maximum":
			if n, ok := number(value); ok && n > want.(float64) {
				complain("is %v, over %v", n, want)
			}
		case "format":
			if text, ok := value.(string); ok && want == "date-time" {
				if _, err := time.Parse(time.RFC3339, text); err != nil {
					complain("is %q, no time", text)
				}
			}
		case "anyOf":
			if !slices.ContainsFunc(want.([]any), func(one any) bool { return c.check(one.(map[string]any), value, path) == nil }) {
				complain("is %.60v, which is none of what it may be", value)
			}
		case "items":
			list, _ := value.([]any)
			for i, item := range list {
				faults = append(faults, c.check(want.(map[string]any), item, fmt.Sprintf("%s[%d]", path, i))...)
			}
		case "required":
			object, _ := value.(map[string]any)
			for _, name := range texts(want) {
				if object != nil && !c.has(object, name) {
					complain("lacks %q", name)
				}
			}
		case "properties", "additionalProperties":
		case "description", "contentEncoding":
		default:
			complain("has the keyword %q, which the checker does not know", keyword)
		}
	}
	return append(faults, c.checkMembers(schema, value, path)...)
}

// checkMembers compares the members of an object with their schemas.
func (c *checker) checkMembers(schema map[string]any, value any, path string) (faults []string) {
	object, ok := value.(map[string]any)
	if !ok || schema["properties"] == nil && schema["additionalProperties"] == nil {
		return nil
	}
	others, more := schema["additionalProperties"].(map[string]any)
	for name, member := range object {
		known, ok := at(schema, "properties")[name].(map[string]any)
		for key, member := range at(schema, "properties") {
			if c.open && !ok && strings.EqualFold(key, name) {
				known, ok = member.(map[string]any)
			}
		}
		switch {
		case ok:
			faults = append(faults, c.check(known, member, path+"."+name)...)
		case more:
			faults = append(faults, c.check(others, member, path+"."+name)...)
		case !c.open || schema["additionalProperties"] == false:
			faults = append(faults, fmt.Sprintf("%s has %q, which is not documented", path, name))
		}
	}
	return faults
}

// has reports whether an object has a member, for a reader in any letter case.
func (c *checker) has(object map[string]any, name string) bool {
	for key := range object {
		if key == name || c.open && strings.EqualFold(key, name) {
			return true
		}
	}
	return false
}

// isType reports whether value is of a type of JSON Schema.
func isType(name string, value any) bool {
	switch v := value.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case []any:
		return name == "array"
	case map[string]any:
		return name == "object"
	case json.Number:
		return name == "number" || name == "integer" && !strings.ContainsAny(v.String(), ".eE")
	}
	return false
}

func number(value any) (float64, bool) {
	n, ok := value.(json.Number)
	f, err := n.Float64()
	return f, ok && err == nil
}

// texts are one or more strings.
func texts(value any) []string {
	if one, ok := value.(string); ok {
		return []string{one}
	}
	var list []string
	many, _ := value.([]any)
	for _, one := range many {
		text, _ := one.(string)
		list = append(list, text)
	}
	return list
}
