package cmd_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrometheusFindsEverything lets a real Prometheus find the services, scrape
// them, and lose one that dies.
func TestPrometheusFindsEverything(t *testing.T) {
	t.Parallel()
	prometheus := tool(t, "prometheus")
	s := started(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	text := strings.Replace(readmeConfig(t), "http://localhost:3000", s.url(registryService), 1)
	text = "global: {scrape_interval: 1s}\n" + text + "        refresh_interval: 1s\n"
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("localhost:%d", freePort(t))
	run(t, prometheus, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+address, "--log.level=warn")

	scraped := func() (map[string]string, error) {
		resp, err := s.client.Get("http://" + address + "/api/v1/targets?state=active")
		if err != nil {
			return nil, err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("got %s", resp.Status)
		}
		var answer struct {
			Data struct {
				ActiveTargets []struct {
					Health, LastError string
					Labels            map[string]string
				}
			}
		}
		if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
			return nil, err
		}
		found := map[string]string{}
		for _, a := range answer.Data.ActiveTargets {
			found[a.Labels["service"]] = a.Health + a.LastError
		}
		return found, nil
	}
	eventually(t, "Prometheus scrapes all four", func() error {
		found, err := scraped()
		if err == nil && fmt.Sprint(found) != "map[GradingService:up LogService:up RegistryService:up TeacherPortal:up]" {
			err = fmt.Errorf("its targets are %v", found)
		}
		return err
	})
	s.kill(gradingService)
	eventually(t, "Prometheus loses who died", func() error {
		found, err := scraped()
		if err == nil && (len(found) != 3 || strings.Contains(fmt.Sprint(found), "GradingService")) {
			err = fmt.Errorf("its targets are %v", found)
		}
		return err
	})
}

// readmeConfig is the configuration that the README tells people to write.
func readmeConfig(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```yaml\n")
	config, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the README has no configuration of Prometheus")
	}
	return config
}
