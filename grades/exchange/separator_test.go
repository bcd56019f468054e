package exchange

import "testing"

func TestSeparator(t *testing.T) {
	for text, want := range map[string]byte{
		"":                                  ',',
		"Name,Essay\n":                      ',',
		"Name;Essay\nDoe, Jo;8,5\n":         ';',
		"Name\tEssay\nDoe, Jo\t8,5\n":       '\t',
		"Name|Essay\nDoe|8\n":               '|',
		"sep=;\nName,Essay;x\n":             ';',
		"a;b,c,d\n1;2,5\n3;4,5\n":           ';',
		"\"a;b;c;d\",e\n\"1;2;3;4\",5\n":    ',',
		"Nom;\"Devoir 1, 2, 3\"\nDoe;8,5\n": ';',
	} {
		if got := separator([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
