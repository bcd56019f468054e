package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// findBinaries returns the directory of the services' binaries: that of this
// program's own, or else one that it builds them in.
func findBinaries(ctx context.Context, services []*service, out *output) (string, error) {
	own, err := os.Executable()
	if err != nil {
		return "", err
	}
	dir := filepath.Dir(own)
	missing := slices.ContainsFunc(services, func(s *service) bool {
		info, err := os.Stat(filepath.Join(dir, executable(s.binary)))
		return err != nil || info.IsDir()
	})
	if !missing {
		return dir, nil
	}
	root, err := sourceRoot(ctx)
	if err != nil {
		return "", fmt.Errorf("the four services are not beside %s, and cannot be built: %w", own, err)
	}
	dir, err = buildDir(root)
	if err != nil {
		return "", err
	}
	out.say("building the four services from %s", root)
	args := []string{"build", "-o", dir + string(filepath.Separator)}
	for _, s := range services {
		args = append(args, "./cmd/"+s.binary)
	}
	build := exec.CommandContext(ctx, "go", args...)
	build.Dir = root
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the four services: %w\n%s", err, text)
	}
	return dir, nil
}

// sourceRoot returns the directory of the module that we stand in.
func sourceRoot(ctx context.Context) (string, error) {
	text, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w; install Go, or put the services' binaries beside this one", err)
	}
	mod := strings.TrimSpace(string(text))
	root := filepath.Dir(mod)
	if _, err := os.Stat(filepath.Join(root, "cmd", "registryservice")); mod == "" || err != nil {
		return "", errors.New("this directory is not in Gradebook's source; go there and try again")
	}
	return root, nil
}

// buildDir returns a directory of this user's alone for what is built from
// root. It stays: the next build has less to do.
func buildDir(root string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("where to build the four services: %w", err)
	}
	dir := filepath.Join(cache, "gradebook", "bin", fmt.Sprintf("%x", sha256.Sum256([]byte(root)))[:12])
	return dir, os.MkdirAll(dir, 0o700)
}
