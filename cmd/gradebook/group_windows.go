package main

import (
	"io"
	"os/exec"
	"syscall"
)

// ownGroup puts the process in a group of its own, so that Ctrl-C in the
// terminal reaches only the launcher, which stops the services in order.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// askToStop ends the input of the process, which tells it to stop in order:
// Windows has no signal for that.
func askToStop(_ *exec.Cmd, stdin io.Closer) { stdin.Close() }

// killGroup kills the process. An error says that it ended.
func killGroup(cmd *exec.Cmd) { cmd.Process.Kill() }
