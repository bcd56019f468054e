package webtest

import (
	"bytes"
	"strconv"

	"gradebook/service/web"
)

// checkAnswer compares the body of an answer with its schema: JSON, or each line
// or event of a stream. An event with a name is about the stream itself. What
// was answered so well must have been asked for as documented, too.
func (c *checker) checkAnswer(r *web.Route, status int, media string, got *tap) []string {
	operation := at(c.document, "paths", r.Template(), r.Methods()[0])
	var faults []string
	if got.length == len(got.body) && got.length > 0 { // else it was too large to be kept
		faults = c.checkForm(c.form(at(c.response(operation, status), "content"), media), media, got.body)
	}
	asked := at(operation, "requestBody", "content", "application/json", "schema")
	if text := bytes.TrimSpace(got.sent.Bytes()); status < 300 && asked != nil && bytes.HasPrefix(text, []byte("{")) {
		for _, fault := range (&checker{c.document, true}).checkText(asked, text) {
			faults = append(faults, "the request was taken, but "+fault)
		}
	}
	return faults
}

func (c *checker) checkForm(form map[string]any, media string, body []byte) (faults []string) {
	if schema := at(form, "schema"); schema != nil {
		return c.checkText(schema, body)
	}
	if schema := at(form, "x-itemSchema"); schema != nil {
		for _, item := range items(media, body) {
			faults = append(faults, c.checkText(schema, item)...)
		}
	}
	return faults
}

// items are the lines of NDJSON, or the data of events that have no name.
func items(media string, body []byte) [][]byte {
	if media != "text/event-stream" {
		return bytes.Split(bytes.TrimSpace(body), []byte("\n"))
	}
	var list [][]byte
	for event := range bytes.SplitSeq(body, []byte("\n\n")) {
		var data []byte
		named := false
		for line := range bytes.SplitSeq(event, []byte("\n")) {
			named = named || bytes.HasPrefix(line, []byte("event: "))
			if text, found := bytes.CutPrefix(line, []byte("data: ")); found {
				data = append(append(data, text...), '\n')
			}
		}
		if data != nil && !named {
			list = append(list, data)
		}
	}
	return list
}

// response finds what is documented of an answer with a status.
func (c *checker) response(operation map[string]any, status int) map[string]any {
	responses := at(operation, "responses")
	if response := at(responses, strconv.Itoa(status)); response != nil {
		return c.resolve(response)
	}
	return c.resolve(at(responses, "default"))
}

// form finds a media type among those of a body.
func (c *checker) form(content map[string]any, media string) map[string]any {
	for documented := range content {
		if mediaType(documented) == media {
			return at(content, documented)
		}
	}
	return nil
}
