package portal

import "fmt"

// pulse is the state of the system in the head of every page.
type pulse struct {
	Kind string // "", "warn" or "bad": its colour and shape
	Text string
}

func pulseOf(s sighting) pulse {
	if s.Err != nil {
		return pulse{"warn", "Status unknown"}
	}
	var away []string
	unsure := s.Graph.Settling
	for _, n := range s.Graph.Nodes {
		_, kind := stateWord(n.State)
		switch {
		case n.Name == gradingService && (kind == "bad" || n.State == "blocked"):
			return pulse{"bad", "Saving is off"}
		case kind == "bad":
			away = append(away, n.Name)
		case n.State == "unverified":
			unsure = true
		}
	}
	switch {
	case len(away) == 1:
		return pulse{"warn", away[0] + " is away"}
	case len(away) > 1:
		return pulse{"warn", fmt.Sprintf("%d services are away", len(away))}
	case unsure:
		return pulse{"warn", "Checking services"}
	}
	return pulse{"", "All services up"}
}
