package registry

import (
	"strings"
	"testing"
)

func TestFolded(t *testing.T) {
	for name, want := range map[string]string{
		"LogService":                           "LogService",
		"RegistryService":                      "RegistryService",
		"TeacherPortalService":                 "TeacherPortal|Service",
		"AttendanceArchiveAndReportingService": "Attendance|ArchiveAnd…",
		"all-lower-case-with-hyphens":          "all-lower-case-|with-hyphens",
		"averyveryverylongword":                "averyveryveryl…",
		"HTTPGateway":                          "HTTPGateway",
	} {
		if got := strings.Join(folded(name), "|"); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
