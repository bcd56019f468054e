package grades

import (
	"strings"
	"testing"
)

func TestRefuseClasses(t *testing.T) {
	openSchool(t).refuses(t, []refusal{
		{"GET /classes/9", ``, 404, "", "no class 9", ""},
		{"POST /classes", `{}`, 422, "title", "empty", ""},
		{"POST /classes", `{"title":"C","weighting":"both"}`, 422, "weighting", "weighted or points", ""},
		{"POST /classes", `{"title":"C","blankPolicy":"none"}`, 422, "blankPolicy", "zeroAfterDue", ""},
		{"POST /classes", `{"title":"C","missingDeduction":101}`, 422, "missingDeduction", "0 to 100", ""},
		{"POST /classes", `{"title":"C","missingDeduction":0.1234567}`, 422, "missingDeduction", "6 decimals", ""},
		{"POST /classes", `{"title":"C","latePolicy":{"percent":10}}`, 422, "latePolicy.intervalHours", "such as 24", ""},
		{"POST /classes", `{"title":"C","latePolicy":{"percent":-1,"intervalHours":24}}`, 422, "latePolicy.percent", "0 to 100", ""},
		{"POST /classes", `{"title":"C","latePolicy":{"floor":"x"}}`, 400, "latePolicy.floor", "must be a number", ""},
		{"POST /classes", `{"title":"C","categories":[]}`, 422, "categories", "from 1", ""},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","weight":-1}]}`, 422, "categories[0].weight", "0 or more", ""},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","weight":1e7}]}`, 422, "categories[0].weight", "out of range", ""},
		{"POST /classes", `{"title":"C","categories":[{"name":"A"},{"name":" A "}]}`, 422, "categories[1].name", "again", ""},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","dropLowest":-1}]}`, 422, "categories[0].dropLowest", "0 or more", ""},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","dropHighest":0.5}]}`, 400, "categories.dropHighest", "whole number", ""},
		{"POST /classes", `{"title":"C","scale":[{"letter":"B","from":80},{"letter":"A","from":90}]}`, 422, "scale[1].from", "high to low", ""},
		{"POST /classes", `{"title":"C","scale":[{"letter":"B","from":80.123}]}`, 422, "scale[0].from", "2 decimals", ""},
		{"POST /classes", `{"title":"C","scale":[{"letter":"","from":-1}]}`, 422, "scale[0].letter", "empty", ""},
		{"POST /classes", `{"title":"C","scale":[{"letter":"A"}]}`, 422, "scale[0].from", "is not given; give the percentage", ""},
		{"PATCH /classes/9", `{}`, 404, "", "no class 9", ""},
		{"PATCH /classes/1", `{"title":""}`, 422, "title", "empty", ""},
		{"PATCH /classes/1", `{"categories":[{"name":"Quiz"}]}`, 422, "categories", `leaves out "Homework"`, ""},
		{"PATCH /classes/1", `{"revision":1}`, 400, "revision", "not a field", ""},
		{"DELETE /classes/9", ``, 404, "", "no class 9", ""},
		{"POST /classes", `{"title":"C","weighting":"weighted","categories":[{"name":"A","weight":60},{"name":"B","weight":-40}]}`, 422, "categories[1].weight", "is -40; give 0 or more percent", ""},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","weight":0.1234567}]}`, 422, "categories[0].weight", "round it to 6 or fewer", ""},
		{"POST /classes", `{"title":"C","categories":[{"name":"A","weight":"ten"}]}`, 400, "categories.weight", "must be a number", ""},
		{"POST /classes", `{"title":"C","categories":[{"weight":10}]}`, 422, "categories[0].name", "give it from 1", ""},
		{"POST /classes", `{"title":"C","scale":[{"letter":"A","from":90},{"letter":"B","from":90}]}`, 422, "scale[1].from", "is 90.00 after 90.00; give the cutoffs from high to low", ""},
		{"POST /classes", `{"title":"C","scale":[{"letter":"A","from":90},{"letter":"B","from":-1}]}`, 422, "scale[1].from", "give from 0 to 1000 percent", ""},
		{"POST /classes", `{"title":"C","scale":[{"letter":"A","from":1001}]}`, 422, "scale[0].from", "give from 0 to 1000 percent", ""},
		{"POST /classes", `{"title":"C","scale":[` + strings.Repeat(`{"letter":"A","from":1},`, 100) + `{"letter":"A","from":1}]}`, 422, "scale", "has 101 cutoffs; give at most 100", ""},
		{"POST /classes", `{"title":"C","latePolicy":{"percent":10,"intervalHours":8785}}`, 422, "latePolicy.intervalHours", "from 1 to 8784", ""},
		{"POST /classes", `{"title":"C","latePolicy":{"floor":100.5}}`, 422, "latePolicy.floor", "0 to 100", ""},
		{"PATCH /classes/2", `{"categories":[{"name":"Test","weight":-70},{"name":"Lab","weight":30}]}`, 422, "categories[0].weight", "give 0 or more", ""},
		{"PATCH /classes/2", `{"scale":[{"letter":"B","from":80},{"letter":"A","from":90}]}`, 422, "scale[1].from", "high to low", ""},
		{"PATCH /classes/2", `{"title":"Other","missingDeduction":-1}`, 422, "missingDeduction", "0 to 100", ""},
	})
}

func TestRefuseAssignments(t *testing.T) {
	openSchool(t).refuses(t, []refusal{
		{"GET /classes/9/assignments", ``, 404, "", "no class 9", ""},
		{"POST /classes/1/assignments", `{"title":"N"}`, 422, "category", "Quiz, Homework", ""},
		{"POST /classes/1/assignments", `{"title":"","category":"Quiz"}`, 422, "title", "empty", ""},
		{"POST /classes/1/assignments", `{"title":"Quiz 1","category":"Quiz"}`, 409, "", "assignment 1", ""},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","points":-1}`, 422, "points", "0 or more", ""},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","due":"tomorrow"}`, 422, "due", "such as 2026", ""},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","due":5}`, 400, "due", "string", ""},
		{"POST /classes/9/assignments", `{"title":"N"}`, 404, "", "no class 9", ""},
		{"PATCH /classes/1/assignments/9", `{}`, 404, "", "no assignment 9", ""},
		{"PATCH /classes/2/assignments/1", `{}`, 404, "", "no assignment 1 in class 2", ""},
		{"PATCH /classes/1/assignments/1", `{"title":"Quiz 2"}`, 409, "", "assignment 3", ""},
		{"DELETE /classes/1/assignments/9", ``, 404, "", "no assignment 9", ""},
		{"POST /classes/1/assignments", `{"title":"N","category":"Lab"}`, 422, "category", `is "Lab"; give one of Quiz, Homework, or add it to the class first`, ""},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","points":1e7}`, 422, "points", "out of range", ""},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","points":0.0000001}`, 422, "points", "round it to 6 or fewer", ""},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","due":"2026-02-30T00:00:00Z"}`, 422, "due", "give one such as", ""},
		{"POST /classes/1/assignments", `{"title":"N","category":"Quiz","due":"2026-11-20"}`, 422, "due", "give one such as 2026-11-20T23:59:00Z", ""},
		{"POST /classes/3/assignments", `{"title":"N"}`, 409, "", `with {"archived": false} first`, ""},
		{"PATCH /classes/1/assignments/1", `{"category":"Lab"}`, 422, "category", "give one of Quiz, Homework", ""},
		{"PATCH /classes/1/assignments/1", `{"due":"noon"}`, 422, "due", `"noon" is not a time`, ""},
		{"PATCH /classes/1/assignments/1", `{"points":-5}`, 422, "points", "0 for extra credit", ""},
		{"DELETE /classes/2/assignments/1", ``, 404, "", "it is in class 1", ""},
	})
}

func TestRefuseFiles(t *testing.T) {
	openSchool(t).refuses(t, []refusal{
		{"POST /imports", `x`, 422, "format", "plain", ""},
		{"POST /imports?format=pdf", `x`, 400, "format", "plain", ""},
		{"POST /imports?format=plain", "assignments A/5\n", 422, "title", "class=, or title=", ""},
		{"POST /imports?format=plain&class=9", "assignments A/5\n", 404, "", "no class 9", ""},
		{"POST /imports?format=plain&class=x", "assignments A/5\n", 400, "class", "whole number", ""},
		{"POST /imports?format=plain&class=1&dryRun=maybe", "assignments A/5\n", 400, "dryRun", "true or false", ""},
		{"POST /imports?format=plain&title=N", "assignments A/5\n1,A,B\n", 422, "line 2", "too few", ""},
		{"PUT /imports", ``, 405, "", "takes GET, HEAD, POST", ""},
		{"GET /classes/1/export", ``, 400, "format", "plain", ""},
		{"GET /classes/9/export?format=plain", ``, 404, "", "no class 9", ""},
		{"POST /imports?format=plain&class=3", "assignments A/5\n", 409, "", `with {"archived": false} first`, ""},
		{"POST /imports?format=plain&title=N", "assignments A/5\n1,A,B,-5\n2,C,D,1e9\n", 422, "line 3", "out of range", ""},
		{"POST /imports?format=plain&title=N", "assignments A/5\n1,A,B,5\n2,C,D,-1\n", 422, "line 3, A", "score is -1; give 0 or more", ""},
		{"POST /imports?format=plain&title=N", "assignments A/5\n1,A,B,0.1234567\n", 422, "line 2", "round it to 6 or fewer", ""},
	})
}
