package exchange

import (
	"encoding/json"

	"gradebook/grades"
)

// writeRules writes what only this gradebook has of a class's rules, as the API
// has it.
func writeRules(c *grades.Class) string {
	text, err := json.Marshal(grades.NewSheetRules(c))
	if err != nil { // there is nothing in them that cannot be written
		panic(err)
	}
	return string(text)
}

// readRules reads what writeRules has written, nil where it is not that.
func readRules(text string) *grades.SheetRules {
	rules := new(grades.SheetRules)
	if json.Unmarshal([]byte(text), rules) != nil || rules.BlankPolicy == "" {
		return nil
	}
	return rules
}
