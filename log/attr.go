package log

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"time"
)

// attrValue makes a JSON value of a resolved slog value, as people want to read it: a duration as
// "1.5s", an error as its text. What has its own JSON or text form, such as a secret, is only
// seen in that form.
func attrValue(v slog.Value) any {
	switch v.Kind() {
	case slog.KindDuration:
		return v.Duration().String()
	case slog.KindTime:
		return v.Time().Format(time.RFC3339Nano)
	case slog.KindFloat64:
		if f := v.Float64(); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Sprint(f) // JSON has no such number
		}
		return v.Float64()
	case slog.KindAny:
		return plain(v.Any())
	}
	return v.Any()
}

// plain takes v through JSON, at once, since the caller may change it later. A method of v that
// panics must not end the process that only wanted to log.
func plain(v any) (value any) {
	defer func() {
		if p := recover(); p != nil {
			value = fmt.Sprintf("%T cannot be logged: %v", v, p)
		}
	}()
	if err, ok := v.(error); ok {
		return err.Error()
	}
	encoded, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%T cannot be logged: %v", v, err)
	}
	d := json.NewDecoder(bytes.NewReader(encoded))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return err.Error()
	}
	return value
}
