package grades

import (
	"crypto/sha256"
	"encoding/json"
	"time"
)

// keyLife is how long the answer to an idempotency key is kept.
const keyLife = 7 * 24 * time.Hour

// KeyUse is a request that came with an idempotency key, and its answer.
type KeyUse struct {
	Scope    string          `json:"scope"` // route and actor
	Key      string          `json:"key"`
	Hash     []byte          `json:"hash"` // of path, query and body
	Status   int             `json:"status"`
	Location string          `json:"location,omitempty"`
	Body     json.RawMessage `json:"body,omitempty"`
}

// keyBook knows for keyLife which keys were used, and by which change; the log
// has the rest.
type keyBook struct {
	uses  map[keyID]keyUse
	order []keyUse // oldest first
}

// keyID stands for a scope and a key.
type keyID [16]byte

func newKeyID(scope, key string) (id keyID) {
	sum := sha256.Sum256([]byte(scope + "\n" + key)) // neither has a newline
	copy(id[:], sum[:])
	return id
}

type keyUse struct {
	id       keyID
	revision uint64
	at       time.Time
}

// find returns the revision that a key led to, 0 for a key that is not known
// any more.
func (b *keyBook) find(id keyID, now time.Time) (revision uint64) {
	if use, ok := b.uses[id]; ok && now.Sub(use.at) < keyLife {
		return use.revision
	}
	return 0
}

// put remembers a use and forgets those that are over.
func (b *keyBook) put(use keyUse) {
	for len(b.order) > 0 && use.at.Sub(b.order[0].at) >= keyLife {
		if old := b.order[0]; b.uses[old.id] == old { // unless the key was used again, by a clock that was set back
			delete(b.uses, old.id)
		}
		b.order = b.order[1:]
	}
	if b.uses == nil {
		b.uses = make(map[keyID]keyUse)
	}
	b.uses[use.id] = use
	b.order = append(b.order, use)
}
