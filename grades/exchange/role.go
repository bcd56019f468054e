package exchange

import "strings"

// role is what a column of a file holds.
type role uint8

const (
	unknown role = iota
	ignored
	externalID
	sisID
	login
	firstName
	lastName
	fullName
	email
	section
	assignment
	feedback // comments on an assignment
)

// roles are the roles by the names that ReadOptions gives them.
func roles() map[string]role {
	return map[string]role{
		"ignore": ignored, "id": externalID, "sis": sisID, "login": login, "firstName": firstName, "lastName": lastName, "name": fullName,
		"email": email, "section": section, "assignment": assignment,
	}
}

func (r role) String() string {
	for name, role := range roles() {
		if role == r {
			return name
		}
	}
	return ""
}

// words is what people call a role.
func (r role) words() string {
	switch r {
	case sisID:
		return "SIS id"
	case firstName:
		return "first name"
	case lastName:
		return "last name"
	}
	return r.String()
}

// ofStudent reports whether a column of that role says who a student is.
func (r role) ofStudent() bool { return externalID <= r && r <= section }

// names reports whether a column of that role is enough to know a student by.
func (r role) names() bool { return externalID <= r && r <= email && r != firstName }

// canvasRole returns the role of a column that Canvas has before assignments, or
// unknown.
func canvasRole(title string) role {
	switch strings.ToLower(title) {
	case "student":
		return fullName
	case "lastname":
		return lastName
	case "firstname":
		return firstName
	case "id":
		return externalID
	case "sis user id":
		return sisID
	case "sis login id":
		return login
	case "section":
		return section
	case "integration id", "root account":
		return ignored
	}
	return unknown
}

// isStudentColumn reports whether Canvas takes the column of that title for one
// that says who a student is.
func isStudentColumn(title string) bool { return canvasRole(title) != unknown }

// moodleRole is canvasRole for Moodle. Its ID number is the school's, as the SIS
// id is in Canvas.
func moodleRole(title string) role {
	switch strings.ToLower(title) {
	case "first name":
		return firstName
	case "last name", "surname":
		return lastName
	case "full name":
		return fullName
	case "id number":
		return sisID
	case "username":
		return login
	case "email address":
		return email
	case "group", "groups":
		return section
	case "institution", "department", "country", "city/town", "last downloaded from this course":
		return ignored
	}
	return unknown
}

// googleRole is canvasRole for Google Classroom.
func googleRole(title string) role {
	switch strings.ToLower(title) {
	case "first name":
		return firstName
	case "last name":
		return lastName
	case "email", "email address":
		return email
	case "overall grade":
		return ignored
	}
	return unknown
}

// plainRole is canvasRole for what people and other systems call their columns,
// in a few languages.
func plainRole(title string) role {
	switch strings.NewReplacer(" ", "", "_", "", "-", "", ".", "", "'", "", "’", "", ":", "").Replace(strings.ToLower(title)) {
	case "id", "studentid", "studentno", "studentnumber", "idnumber", "matriculationnumber", "candidatenumber", "matrikelnummer", "matrikelnr", "studentnummer", "learnerid", "pupilid", "student#", "id#", "number", "rollno", "rollnumber", "admissionno", "admissionnumber", "indexnumber", "idstudent":
		return externalID
	case "sisid", "sisuserid", "schoolid":
		return sisID
	case "login", "loginid", "sisloginid", "user", "userid", "username", "netid":
		return login
	case "first", "firstname", "firstnames", "givenname", "givennames", "forename", "vorname", "prénom", "prenom", "nombre", "nombres", "voornaam", "nome":
		return firstName
	case "last", "lastname", "lastnames", "surname", "familyname", "nachname", "familienname", "nom", "apellido", "apellidos", "achternaam", "cognome", "sobrenome":
		return lastName
	case "name", "names", "student", "students", "studentname", "studentsname", "studentnames", "fullname", "learner", "learnername", "pupil", "pupilname", "schüler", "schülerin", "élève", "alumno", "naam":
		return fullName
	case "email", "emailaddress", "mail", "studentemail", "emailadresse", "courriel", "correo", "correoelectrónico":
		return email
	case "section", "class", "period", "group", "homeroom", "klasse", "gruppe", "classe", "groupe", "grupo":
		return section
	case "notes", "comment", "comments", "remark", "remarks", "phone", "gender", "sex", "age", "birthday", "dateofbirth", "birthdate", "dob", "address", "guardian", "parent", "gradelevel", "yearlevel",
		"integrationid", "rootaccount", "institution", "department", "no", "nr", "#", "row":
		return ignored
	}
	return unknown
}
