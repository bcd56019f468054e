package exchange

import (
	"strings"
)

// item is what the title of a column says of an assignment.
type item struct {
	title, id string
	points    string // possible, "" when the title does not say
}

// canvasItem splits "Essay (501)". The id 0 stands for none.
func canvasItem(title string) (it item) {
	if it.title, it.id = splitTitle(title); it.id == "0" {
		it.id = ""
	}
	return it
}

// plainItem splits "Essay (20 points)", "Essay (out of 20)" and "Essay (/20)".
func plainItem(title string) item {
	at := strings.LastIndexByte(title, '(')
	inner, ok := strings.CutSuffix(title[max(at, 0):], ")")
	if at < 1 || !ok {
		return item{title: title}
	}
	inner = strings.ToLower(trim(inner[1:]))
	for _, form := range []struct{ before, after string }{{"", "points"}, {"", "point"}, {"", "pts"}, {"", "pt"}, {"", "punkte"}, {"", "puntos"}, {"out of", ""}, {"/", ""}} {
		points, after := strings.CutSuffix(inner, form.after)
		points, before := strings.CutPrefix(points, form.before)
		if points = trim(points); after && before && isNumber(points) {
			return item{title: trim(title[:at]), points: points}
		}
	}
	return item{title: title}
}
