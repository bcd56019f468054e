// Package zipfile reads ZIP files that strangers made.
//
// archive/zip reads whatever it is given. Here a ZIP is refused, before anything
// in it is used, when
//
//   - a name leads out of the folder (../x, /x, C:\x), cannot be a file's name
//     everywhere, or is there twice (Orgs.csv and orgs.csv are one file to half
//     of the world)
//   - it holds a ZIP, a link, or what is encrypted or packed in a way other than
//     the usual two
//   - it is a bomb: an entry grows over Limits.Ratio times, all together unpack
//     to more than Limits.Total, there are more than Limits.Files, or two of them
//     are made of the same bytes
//
// and while it is read, when an entry is not what its directory said: longer,
// shorter, or with another checksum. Reading takes little memory, whatever the
// file holds. A refusal is an [Error] that names the entry and says what to do.
package zipfile
