package registry

// mutant is a bug: new in place of old, which the file has once. BUG is true
// while the bug is on; pick(BUG, a, b) is a then, and b otherwise.
type mutant struct{ name, file, old, new string }

var mutants = []mutant{
	// Who is there.
	{"one silence is proof", "health.go", "if s.misses >= missesToRemove && (t", "if (s.misses >= missesToRemove || BUG) && (t"},
	{"silence is no proof", "health.go", "	if s.misses++; s.silent.IsZero() {", "	if BUG {\n\t\ts.misses = 0\n\t}\n\tif s.misses++; s.silent.IsZero() {"},
	{"one refusal is proof", "health.go", "case s.doubted || s.health == down:", "case s.doubted || s.health == down || BUG:"},
	{"refusals are forgotten", "health.go", "		s.doubted = true\n", "		s.doubted = !BUG\n"},
	{"a doubt stays after an answer", "health.go", "s.beat, s.doubted, s.misses = now, false, 0", "s.beat, s.doubted, s.misses = now, s.doubted && BUG, 0"},
	{"a miss stays after an answer", "health.go", "	t.setSilent(s, time.Time{})\n	switch hold", "	if t.setSilent(s, time.Time{}); BUG {\n\t\ts.misses = 1\n\t}\n	switch hold"},
	{"another process is believed", "health.go", "e.beat.Instance != s.Instance:", "e.beat.Instance != s.Instance && !BUG:"},
	{"who is stopping is given", "health.go", "case e.outcome == answered && e.beat.going():", "case e.outcome == answered && e.beat.going() && !BUG:"},
	{"wrong answers are good", "health.go", "if s.misses++; s.misses >= missesToRemove {", "if s.misses++; s.misses >= missesToRemove && !BUG {"},
	{"an earlier process's heartbeat counts", "health.go", "if s == nil || s.generation != e.generation {", "if s == nil || s.generation != e.generation && !BUG {"},
	{"after a wrong answer nobody asks", "health.go", "	fx.probes = append(fx.probes, probe{e.key, e.generation, next})", "	if !BUG || e.outcome != wrong {\n\t\tfx.probes = append(fx.probes, probe{e.key, e.generation, next})\n\t}"},
	{"forgotten too soon", "health.go", ">= forgetAfter {", ">= pick(BUG, forgetAfter/2, forgetAfter) {"},
	{"never forgotten", "health.go", "if s.health == down && now.Sub(s.since)", "if s.health == down && !BUG && now.Sub(s.since)"},
	{"a suspicion always asks", "health.go", ">= suspectEvery:", ">= suspectEvery || BUG:"},
	{"a suspicion of nobody is fine", "health.go", "		fx.err = errUnknownURL\n	case s.health", "		if !BUG {\n\t\t\tfx.err = errUnknownURL\n\t\t}\n	case s.health"},

	// When many are silent.
	{"mass silence is believed", "health.go", "&& t.massSilence(now) {", "&& t.massSilence(now) && !BUG {"},
	{"frozen for ever", "freeze.go", "case !now.Before(f.until):", "case !now.Before(f.until) && !BUG:"},
	{"frozen without need", "freeze.go", "&& kept > 0", "&& (kept > 0 || BUG)"},
	{"thaws at once", "freeze.go", "return !t.massSilence(f.since)", "return !t.massSilence(f.since) || BUG"},
	{"a thaw forgives nothing", "table.go", "if !t.frozen.stall {", "if !t.frozen.stall && !BUG {"},
	{"a stall is not noticed", "table.go", "len(t.services) > 0 {\n", "len(t.services) > 0 && !BUG {\n"},

	// Who comes and goes.
	{"who flaps is given at once", "damping.go", "if p <= flapFree {", "if p <= flapFree || BUG {"},
	{"who flapped is never given", "damping.go", "if now.Before(t.group(s.ServiceName).heldUntil(s)) {", "if BUG || now.Before(t.group(s.ServiceName).heldUntil(s)) {"},
	{"a new process has a clean slate", "register.go", "s.flaps = old.flaps", "s.flaps = pick(BUG, flaps{}, old.flaps)"},
	{"a new process is out at first", "register.go", "if old.health == up {", "if old.health == up && !BUG {"},
	{"the departed register", "register.go", "case left && d", "case left && !BUG && d"},
	{"anybody may say that another left", "deregister.go", "e.instance != s.Instance:", "e.instance != s.Instance && !BUG:"},
	{"a stop waits for nobody who is late", "deregister.go", "case d.acked < d.revision, d.keeps:", "case (d.acked < d.revision || d.keeps) && !BUG:"},
	{"a stop waits for the wrong revision", "deregister.go", "awaited{d.key, d.generation, t.revision + 1}", "awaited{d.key, d.generation, pick(BUG, d.revision, t.revision+1)}"},
	{"a settling view will do for a stop", "deregister.go", "s.acked < a.revision || s.keeps", "s.acked < a.revision || s.keeps && !BUG"},

	// What is told.
	{"the unverified are given", "table.go", "|| t.frozen.reason != \"\")", "|| t.frozen.reason != \"\" || BUG)"},
	{"the unverified are not given while settling", "table.go", "(t.settling ||", "(t.settling && !BUG ||"},
	{"settles too soon", "table.go", "return max(t.interval+2*t.timeout, missedBeats*t.interval)", "return max(t.interval+2*t.timeout, pick(BUG, 0, missedBeats*t.interval))"},
	{"the end of settling is not told", "table.go", "		t.settling = false\n		t.markAll()\n", "		if t.settling = false; !BUG {\n\t\t\tt.markAll()\n\t\t}\n"},
	{"a settling push takes away", "publish.go", "	if s.settling {\n		p.Removed", "	if s.settling && !BUG {\n		p.Removed"},
	{"a settling answer seems final", "register.go", "Settling: s.settling, Providers", "Settling: s.settling && !BUG, Providers"},
	{"two pushes at a time", "publish.go", "if s.sending != nil ||", "if s.sending != nil && !BUG ||"},
	{"who is in doubt is told", "publish.go", "|| s.misses > 0 || s.doubted {", "|| (s.misses > 0 || s.doubted) && !BUG {"},
	{"an old push acknowledges", "publish.go", "if s == nil || s.sending != e.push {", "if s == nil || s.sending != e.push && !BUG {"},
	{"a push acknowledges what came after it", "publish.go", "t.acknowledge(s, e.Revision, base, fx, now)", "t.acknowledge(s, pick(BUG, s.revision, e.Revision), base, fx, now)"},
	{"settling forgets what was held", "publish.go", "if e.Settling { // nothing", "if e.Settling && !BUG { // nothing"},
	{"a lost answer is a failed push", "publish.go", "if s.Instance != \"\" || len(", "if s.Instance != \"\" || BUG || len("},
	{"who lost its view is not told again", "publish.go", "case holds < s.acked:", "case holds < s.acked && !BUG:"},
	{"a failed push is not tried again", "health.go", "	fx.lacking = s\n", "	if !BUG {\n\t\tfx.lacking = s\n\t}\n"},
	{"a change waits for the next heartbeat", "publish.go", "	t.send(s, fx)\n}\n\n// tellAffected", "	if !BUG || isNew {\n\t\tt.send(s, fx)\n\t}\n}\n\n// tellAffected"},
	{"views are made too late", "publish.go", "			t.stale = append(t.stale, g.dependents...)", "			if !BUG || len(g.offered) != 1 {\n\t\t\t\tt.stale = append(t.stale, g.dependents...)\n\t\t\t}"},
	{"a push is for anybody", "publish.go", "Instance: s.Instance, Providers: s.byName(), Settling", "Instance: pick(BUG, \"\", s.Instance), Providers: s.byName(), Settling"},

	// What is kept.
	{"an acknowledgement is in no catalogue", "publish.go", "	t.reached(s, revision, fx, now)\n	t.touch(s, fx)", "	if t.reached(s, revision, fx, now); !BUG {\n\t\tt.touch(s, fx)\n\t}"},
	{"an acknowledgement is in no file", "publish.go", "	fx.save = true\n}\n\n// publish", "	fx.save = fx.save || !BUG\n}\n\n// publish"},
	{"who went down is waited for", "health.go", "	t.reached(s, s.revision, fx, now)", "	if !BUG {\n\t\tt.reached(s, s.revision, fx, now)\n\t}"},
	{"the silent are miscounted", "table.go", "	t.setSilent(s, time.Time{})\n	t.reached", "	t.setSilent(s, pick(BUG, s.silent, time.Time{}))\n	t.reached"},
	{"groups keep who left", "table.go", "	t.dropNeeds(s)\n", "	if !BUG {\n\t\tt.dropNeeds(s)\n\t}\n"},
	{"the file forgets who is down", "restore.go", "if saved.Down != \"\" {", "if saved.Down != \"\" && !BUG {"},
	{"the file forgets what was acknowledged", "restore.go", "s.unsure = saved.Registered, saved.Base, saved.Unsure", "s.unsure = saved.Registered, pick(BUG, nil, saved.Base), saved.Unsure"},

	// What a process holds.
	{"a push brings its epoch", "session.go", "p.Epoch != s.epoch ||", "p.Epoch != s.epoch && !BUG ||"},
	{"an epoch that was left comes back", "session.go", "case slices.Contains(s.left, answer.Epoch):", "case slices.Contains(s.left, answer.Epoch) && !BUG:"},
	{"an older push is taken", "session.go", "if p.Revision >= s.revision {", "if p.Revision >= s.revision || BUG {"},
	{"an older answer is taken", "session.go", "case answer.Revision < s.revision:", "case answer.Revision < s.revision && !BUG:"},
	{"a push for another is taken", "session.go", "|| p.Instance != s.instance {", "|| p.Instance != s.instance && !BUG {"},
	{"a heartbeat for another is answered", "session.go", "&& instance == s.instance", "&& (instance == s.instance || BUG)"},
	{"settling keeps nothing", "roster.go", "case settling:", "case settling && !BUG:"},
}
