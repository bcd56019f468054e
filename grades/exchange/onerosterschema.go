package exchange

import (
	"slices"
	"strings"
)

// rosterFile is one of the files of OneRoster, and its columns in order.
type rosterFile struct {
	name    string // without .csv
	columns []rosterColumn
	open    bool // only what all files have in common is known of it
}

// rosterColumn is a column of a file.
type rosterColumn struct {
	name     string
	required bool // by OneRoster
	needed   bool // here: a row without it means nothing
	foreign  bool // the book has no place for it
}

// column returns the column of that name.
func (f *rosterFile) column(name string) (rosterColumn, bool) {
	i := slices.IndexFunc(f.columns, func(c rosterColumn) bool { return c.name == name })
	if i < 0 {
		return rosterColumn{name: name, foreign: true}, false
	}
	return f.columns[i], true
}

// titles are the names of the columns.
func (f *rosterFile) titles() []string {
	list := make([]string, len(f.columns))
	for i, c := range f.columns {
		list[i] = c.name
	}
	return list
}

// rosterFiles returns the files of a version, in an order in which each comes
// after those it refers to. After the CSV binding of OneRoster 1.1 and 1.2:
//
//	!  OneRoster requires it     *  and nothing can be done without it
//	-  the book has no place for it
func rosterFiles(version string) []rosterFile {
	list := []rosterFile{
		newRosterFile("orgs", "name! type! identifier- parentSourcedId"),
		newRosterFile("academicSessions", "title* type! startDate! endDate! parentSourcedId schoolYear!"),
		newRosterFile("courses", "schoolYearSourcedId title! courseCode- grades- orgSourcedId! subjects- subjectCodes-"),
		newRosterFile("categories", "title*"),
		newRosterFile("classes", "title* grades- courseSourcedId! classCode- classType! location- schoolSourcedId! termSourcedIds! subjects- subjectCodes- periods-"),
		newRosterFile("users", "enabledUser! orgSourcedIds! role! username! userIds- givenName! familyName! middleName- identifier email sms- phone- agentSourcedIds grades- password-"),
		newRosterFile("enrollments", "classSourcedId* schoolSourcedId! userSourcedId* role* primary beginDate- endDate-"),
		newRosterFile("lineItems", "title* description- assignDate! dueDate! classSourcedId* categorySourcedId! gradingPeriodSourcedId! resultValueMin! resultValueMax!"),
		newRosterFile("results", "lineItemSourcedId* studentSourcedId* scoreStatus! score! scoreDate! comment"),
	}
	names := "classResources courseResources demographics resources"
	if version == "1.2" {
		set := func(name, columns string) {
			i := slices.IndexFunc(list, func(f rosterFile) bool { return f.name == name })
			list[i] = newRosterFile(name, columns)
		}
		set("categories", "title* weight")
		set("users", "enabledUser! username! userIds- givenName! familyName! middleName- identifier email sms- phone- agentSourcedIds grades- password- "+
			"userMasterIdentifier- preferredGivenName- preferredMiddleName- preferredFamilyName- primaryOrgSourcedId pronouns-")
		set("lineItems", "title* description- assignDate! dueDate! classSourcedId* categorySourcedId! academicSessionSourcedId! resultValueMin resultValueMax schoolSourcedId!")
		set("results", "lineItemSourcedId* studentSourcedId* scoreStatus! score scoreDate! comment textScore- classSourcedId inProgress incomplete late missing")
		roles := newRosterFile("roles", "userSourcedId* roleType! role* beginDate- endDate- orgSourcedId! userProfileSourcedId")
		list = slices.Insert(list, 6, roles)
		list = append(list,
			newRosterFile("scoreScales", "title! type! orgSourcedId! courseSourcedId! classSourcedId* scoreScaleValue*"),
			newRosterFile("lineItemScoreScales", "title lineItemSourcedId* scoreScaleSourcedId*"),
			newRosterFile("resultScoreScales", "title resultSourcedId! scoreScaleSourcedId!"))
		names += " lineItemLearningObjectiveIds resultLearningObjectiveIds userProfiles userResources"
	}
	for name := range strings.FieldsSeq(names) {
		f := newRosterFile(name, "")
		f.open = true
		list = append(list, f)
	}
	return list
}

// newRosterFile makes a file of the columns after those that all have.
func newRosterFile(name, columns string) rosterFile {
	f := rosterFile{name: name, columns: []rosterColumn{{name: "sourcedId", required: true, needed: true}, {name: "status"}, {name: "dateLastModified"}}}
	for text := range strings.FieldsSeq(columns) {
		bare := strings.TrimRight(text, "!*-")
		mark := text[len(bare):]
		f.columns = append(f.columns, rosterColumn{bare, mark == "!" || mark == "*", mark == "*", mark == "-"})
	}
	return f
}

// rosterTarget is the file that a column of a file refers to, "" for none.
func rosterTarget(file, column string) string {
	if !strings.HasSuffix(column, "SourcedId") && !strings.HasSuffix(column, "SourcedIds") {
		return ""
	}
	switch name := strings.TrimRight(column, "s"); strings.TrimSuffix(name, "SourcedId") {
	case "parent":
		return file
	case "org", "school", "primaryOrg":
		return "orgs"
	case "schoolYear", "term", "gradingPeriod", "academicSession":
		return "academicSessions"
	case "course":
		return "courses"
	case "class":
		return "classes"
	case "user", "student", "agent":
		return "users"
	case "category":
		return "categories"
	case "lineItem":
		return "lineItems"
	case "result":
		return "results"
	case "scoreScale":
		return "scoreScales"
	case "resource":
		return "resources"
	case "userProfile":
		return "userProfiles"
	}
	return ""
}

// rosterWords are the values that a column may have, but for those that begin
// with ext:, or nil.
func rosterWords(version, file, column string) []string {
	words := ""
	switch file + "." + column {
	case "orgs.type":
		words = "department school district local state national"
	case "academicSessions.type":
		words = "gradingPeriod semester schoolYear term"
	case "classes.classType":
		words = "homeroom scheduled"
	case "users.role":
		words = "administrator aide guardian parent proctor relative student teacher"
	case "roles.role":
		words = "aide counselor districtAdministrator guardian parent principal proctor relative siteAdministrator student systemAdministrator teacher"
	case "roles.roleType":
		words = "primary secondary"
	case "enrollments.role":
		words = "administrator proctor student teacher"
	case "results.scoreStatus":
		return []string{scoreExempt, scoreFully, scoreNotSubmitted, scorePartially, scoreSubmitted}
	case "users.enabledUser", "enrollments.primary", "results.inProgress", "results.incomplete", "results.late", "results.missing":
		words = "true false"
	}
	if words == "" {
		return nil
	}
	return strings.Fields(words)
}

// The values of scoreStatus.
const (
	scoreExempt       = "exempt"
	scoreFully        = "fully graded"
	scoreNotSubmitted = "not submitted"
	scorePartially    = "partially graded"
	scoreSubmitted    = "submitted"
)
