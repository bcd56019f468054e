//go:build unix

package main

import (
	"io"
	"os/exec"
	"syscall"
)

// ownGroup puts the process in a group of its own, so that Ctrl-C in the
// terminal reaches only the launcher, which stops the services in order.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// askToStop tells the process to stop in order. An error says that it ended.
func askToStop(cmd *exec.Cmd, _ io.Closer) { cmd.Process.Signal(syscall.SIGTERM) }

// killGroup kills the process and all that it started.
func killGroup(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
