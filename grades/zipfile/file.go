package zipfile

import (
	"archive/zip"
	"errors"
	"io"
)

// File is an entry of a ZIP that is no folder.
type File struct {
	Name string // within the ZIP, with / between folders
	Size int64  // unpacked, in bytes
	file *zip.File
}

// Open returns the content, which the caller closes. Its end is io.EOF only if
// it is as long as Size and has the checksum that the ZIP gives; otherwise it is
// an *Error. Nothing of an entry is sure before its end was read.
func (f *File) Open() (io.ReadCloser, error) {
	in, err := f.file.Open()
	if err != nil {
		return nil, damage(f.Name, err)
	}
	return content{in, f.Name}, nil
}

// checkContent checks an entry by its first bytes.
func (f *File) checkContent() error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	head := make([]byte, 4)
	n, err := io.ReadFull(in, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	switch string(head[:n]) {
	case "PK\x03\x04", "PK\x05\x06", "PK\x07\x08":
		return refuse(f.Name, nested)
	}
	return nil
}

// content names the entry in its errors.
type content struct {
	io.ReadCloser
	name string
}

func (c content) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = damage(c.name, err)
	}
	return n, err
}

// damage makes an *Error of err, unless it comes from the disk.
func damage(name string, err error) error {
	_, disk := errors.AsType[diskError](err)
	switch {
	case disk:
		return err
	case errors.Is(err, zip.ErrChecksum):
		return refuse(name, "is damaged: its checksum is another; make the ZIP again, or fetch it again")
	case name == "":
		return refuse("", "is damaged, cut short, or no ZIP; make it again")
	}
	return refuse(name, "is damaged or cut short; make the ZIP again, or fetch it again")
}
