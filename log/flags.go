package log

import (
	"flag"
	"fmt"
	"strconv"
	"time"

	"gradebook/log/commitlog"
	"gradebook/service/web"
)

// segmentBytes is the size of a segment before it is packed. What is not packed yet a query has to
// read through, so it is small.
const segmentBytes = 8 << 20

// Flags declares the flags of the service.
func Flags(fs *flag.FlagSet) {
	fs.Duration("max-age", 0, "remove entries that are older than this `duration`, such as 720h; 0 keeps them as long as there is room")
	fs.Int("max-size", 2048, "keep at most so many `MiB` of entries on disk, by removing the oldest; 0: no limit")
	fs.Bool("repair", false, "set aside what is damaged in the data directory, once, and keep all entries that can be read")
	fs.Int("rate", 250_000, "take at most so many `entries` a second of each service, and tell it to wait beyond; 0: no limit")
}

// entryRate returns how many entries a second are taken of each service, as the flag says.
func entryRate(env web.Env) (int64, error) {
	rate, err := strconv.ParseInt(env.Flag("rate"), 10, 32)
	if err != nil || rate < 0 {
		return 0, fmt.Errorf("-rate is %s; give a number of entries a second, or 0", env.Flag("rate"))
	}
	return rate, nil
}

// storage returns how the log is to be kept, as the flags say.
func storage(env web.Env) (commitlog.Options, error) {
	o := commitlog.Options{SegmentBytes: segmentBytes, Logger: env.Logger}
	var err error
	if o.MaxAge, err = time.ParseDuration(env.Flag("max-age")); err != nil || o.MaxAge < 0 {
		return o, fmt.Errorf("-max-age is %s; give a duration such as 720h, or 0", env.Flag("max-age"))
	}
	mib, err := strconv.ParseInt(env.Flag("max-size"), 10, 32)
	if err != nil || mib < 0 {
		return o, fmt.Errorf("-max-size is %s; give a number of MiB, or 0", env.Flag("max-size"))
	}
	o.MaxBytes = mib << 20
	o.Repair, err = strconv.ParseBool(env.Flag("repair"))
	return o, err
}
