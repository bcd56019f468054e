package exchange

// The kinds of files, which differ in what their columns are called and hold.
type (
	canvas struct{} // the CSV that Canvas exports and imports
	moodle struct{} // the CSV that Moodle exports
	google struct{} // the CSV that Google Classroom exports

	// spreadsheet is a table of one's own: CSV, or separated by tabs as it is
	// copied and pasted.
	spreadsheet struct{ separator rune }
)

const csvType = "text/csv; charset=utf-8"

// ContentType is CSV in UTF-8.
func (canvas) ContentType() string { return csvType }

// ContentType is CSV in UTF-8.
func (moodle) ContentType() string { return csvType }

// ContentType is CSV in UTF-8.
func (google) ContentType() string { return csvType }

// ContentType is CSV, or text separated by tabs, in UTF-8.
func (f spreadsheet) ContentType() string {
	if f.separator == '\t' {
		return "text/tab-separated-values; charset=utf-8"
	}
	return csvType
}

// Extension is that of CSV.
func (canvas) Extension() string { return "csv" }

// Extension is that of CSV.
func (moodle) Extension() string { return "csv" }

// Extension is that of CSV.
func (google) Extension() string { return "csv" }

// Extension is that of CSV, or of text separated by tabs.
func (f spreadsheet) Extension() string {
	if f.separator == '\t' {
		return "tsv"
	}
	return "csv"
}
