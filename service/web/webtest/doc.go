// Package webtest holds a service's OpenAPI document true: what a handler
// answers in the tests of its package is compared with what its routes say.
//
//	var api webtest.API // all that the tests of this package see
//
//	func TestMain(m *testing.M) { os.Exit(api.Main(m)) }
//
//	server := httptest.NewServer(api.Record(app)) // in the helper that opens the service
//
// A whole run of the tests then fails when an answer is not documented or does
// not have the form that it should have, and when something is documented that
// no test has seen.
package webtest
