package log

import (
	"log/slog"
	"time"
)

// A loss is a number of entries of one process that will never be in the log.
type loss struct {
	instance string
	entries  uint64
	from, to uint64 // the first and the last sequence among them; 0 if they are not known
	refused  bool   // by the log service; or else there was no room to keep them
}

// add puts an entry into the loss.
func (l *loss) add(sequence uint64) {
	l.entries++
	if sequence == 0 {
		return
	}
	if l.from == 0 || sequence < l.from {
		l.from = sequence
	}
	l.to = max(l.to, sequence)
}

// line is the entry of a process that tells of the loss.
func (l *loss) line(service, instance string) []byte {
	message := "entries were dropped here: they could not be sent, and there was no room to keep them"
	if l.refused {
		message = "entries were dropped here: the log service refused them"
	}
	attributes := map[string]any{"dropped": l.entries}
	if l.from != 0 {
		attributes["from"], attributes["to"] = l.from, l.to
	}
	if l.instance != "" && l.instance != instance {
		attributes["instance"] = l.instance
	}
	return encodeEntry(Entry{
		Time: time.Now(), Level: levelName(slog.LevelWarn), Service: service, Instance: instance,
		Message: message, Attributes: attributes,
	})
}

// losses are of different processes, but for the last, when they are many.
type losses []loss

// maxLosses is how many losses wait to be told.
const maxLosses = 64

// of returns the loss of entries of a process.
func (l *losses) of(instance string) *loss {
	for i := range *l {
		if (*l)[i].instance == instance {
			return &(*l)[i]
		}
	}
	if len(*l) < maxLosses {
		*l = append(*l, loss{instance: instance, refused: true})
	}
	return &(*l)[len(*l)-1]
}

// addRefused adds what the log service refused of a batch.
func (l *losses) addRefused(batch []byte, refused *refusedError) {
	var last *loss
	for number, line := range nonEmptyLines(string(batch)) {
		if refused.line(number) {
			p := newObjectParser(len(line), time.Time{})
			p.parse(line) // fails, but it may find who sent it
			last = l.of(p.sent.instance)
			last.add(p.sent.sequence)
		}
	}
	if last != nil {
		last.entries += uint64(refused.unlisted())
	}
}
