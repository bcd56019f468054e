package grades

import (
	"reflect"
	"strings"
	"time"
)

// FieldEdit is what one field of a class, a student or an assignment was and
// became, as in its JSON; null is nothing.
type FieldEdit struct {
	Field string `json:"field"`
	From  any    `json:"from"`
	To    any    `json:"to"`
}

// fieldEdits lists the fields in which two values differ. Without from it lists
// those of to that say something.
func fieldEdits[T any](from, to *T) (list []FieldEdit) {
	zero := reflect.New(reflect.TypeFor[T]()).Elem()
	before, after := zero, reflect.ValueOf(to).Elem()
	if from != nil {
		before = reflect.ValueOf(from).Elem()
	}
	for i, name := range fieldNames(after.Type()) {
		if name == "" || sameField(before.Field(i), after.Field(i)) {
			continue
		}
		edit := FieldEdit{Field: name, To: after.Field(i).Interface()}
		if from != nil {
			edit.From = before.Field(i).Interface()
		}
		list = append(list, edit)
	}
	return list
}

// fieldNames returns the names in JSON of a struct's fields, "" for those that
// nobody edits.
func fieldNames(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		switch name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name {
		case "id", "classID", "revision", "classes":
		default:
			names[i] = name
		}
	}
	return names
}

func sameField(a, b reflect.Value) bool {
	if at, ok := a.Interface().(*time.Time); ok {
		bt := b.Interface().(*time.Time)
		return at == bt || at != nil && bt != nil && at.Equal(*bt)
	}
	if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// takeBack returns now with the fields in which old and changed differ as they
// are in old. later lists those that are no longer as they are in changed: for
// them the outcome overwrites what was done since.
func takeBack[T any](old, changed, now *T) (out T, later []FieldEdit) {
	out = *now
	from, to := reflect.ValueOf(old).Elem(), reflect.ValueOf(changed).Elem()
	present, result := reflect.ValueOf(now).Elem(), reflect.ValueOf(&out).Elem()
	for i, name := range fieldNames(from.Type()) {
		if name == "" || sameField(from.Field(i), to.Field(i)) {
			continue
		}
		if sameField(to.Field(i), present.Field(i)) {
			result.Field(i).Set(from.Field(i))
			continue
		}
		if categories, ok := from.Field(i).Interface().([]Category); ok {
			merged, same := takeBackCategories(categories, to.Field(i).Interface().([]Category), present.Field(i).Interface().([]Category))
			result.Field(i).Set(reflect.ValueOf(merged))
			if same {
				continue
			}
		} else {
			result.Field(i).Set(from.Field(i))
		}
		later = append(later, FieldEdit{name, to.Field(i).Interface(), present.Field(i).Interface()})
	}
	return out, later
}

// takeBackCategories does for each category, by name, what takeBack does for a
// field, so that a category that was added since stays. same reports whether
// none of those concerned was changed since.
func takeBackCategories(old, changed, now []Category) (out []Category, same bool) {
	same = true
	was, became, is := byName(old), byName(changed), byName(now)
	for i := range now {
		name := now[i].Name
		if was[name] == became[name] {
			out = append(out, now[i])
			continue
		}
		same = same && is[name] == became[name]
		if before, ok := was[name]; ok {
			out = append(out, before)
		}
	}
	for i := range old {
		name := old[i].Name
		if _, there := is[name]; !there && was[name] != became[name] {
			_, expected := became[name]
			same = same && !expected
			out = append(out, old[i])
		}
	}
	return out, same
}

func byName(list []Category) map[string]Category {
	m := make(map[string]Category, len(list))
	for i := range list {
		m[list[i].Name] = list[i]
	}
	return m
}
