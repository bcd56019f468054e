package grades

import (
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

// keyBook remembers the uses of keys for keyLife.
type keyBook struct {
	uses  map[keyID]datedUse
	order []keyID // oldest first
}

type keyID struct{ scope, key string }

// datedUse is a use with the time of its record.
type datedUse struct {
	*KeyUse
	At time.Time
}

// find returns the use of a key in a scope, or nil.
func (b *keyBook) find(scope, key string, now time.Time) *KeyUse {
	if use, ok := b.uses[keyID{scope, key}]; ok && now.Sub(use.At) < keyLife {
		return use.KeyUse
	}
	return nil
}

// add remembers a use and forgets those that are over.
func (b *keyBook) add(use *KeyUse, at time.Time) {
	for len(b.order) > 0 && at.Sub(b.uses[b.order[0]].At) >= keyLife {
		delete(b.uses, b.order[0])
		b.order = b.order[1:]
	}
	if b.uses == nil {
		b.uses = make(map[keyID]datedUse)
	}
	id := keyID{use.Scope, use.Key}
	b.uses[id] = datedUse{use, at}
	b.order = append(b.order, id)
}
