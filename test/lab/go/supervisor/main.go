// Command supervisor runs one server of the lab so that it cannot outlive whoever started it, and where asked for shows it files of the lab's
// own in place of the machine's.
//
//	supervisor [-lifeline FD] [-grace 5s] [-hosts FILE] [-resolv FILE] [-service-account FOLDER] -- COMMAND ARGUMENT…
//
// -lifeline: a pipe that the starter holds open. The kernel closes it however the starter ends, by SIGKILL too; the command is then ended.
// -hosts, -resolv: what the command finds in /etc/hosts and /etc/resolv.conf. -service-account: what it finds where a Pod has its token.
// They are mounted in a namespace of the command's own: nothing changes for the rest of the machine.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

// Also env(1)'s status for "the command was not run".
const notRun = 125

// What PR_SET_PDEATHSIG follows is the thread that forked: the main goroutine keeps its thread for good.
func init() { runtime.LockOSThread() }

func main() {
	var view view
	lifeline := flag.Int("lifeline", -1, "file descriptor whose end ends the command")
	grace := flag.Duration("grace", 5*time.Second, "how long the command may take to end")
	flag.StringVar(&view.hosts, "hosts", "", "file to show as /etc/hosts")
	flag.StringVar(&view.resolv, "resolv", "", "file to show as /etc/resolv.conf")
	flag.StringVar(&view.serviceAccount, "service-account", "", "folder to show as a Pod's ServiceAccount")
	inside := flag.Bool("inside", false, "for the supervisor itself: mount, then become the command")
	flag.Parse()
	if flag.NArg() == 0 {
		fail("no command")
	}
	if *inside {
		fail("%v", view.become(flag.Args()))
	}
	command, err := view.command(flag.Args())
	if err != nil {
		fail("%v", err)
	}
	os.Exit(supervise(command, *lifeline, *grace))
}

func supervise(command *exec.Cmd, lifeline int, grace time.Duration) int {
	ended := make(chan struct{})
	if lifeline >= 0 {
		syscall.CloseOnExec(lifeline)
		go func() {
			pipe := os.NewFile(uintptr(lifeline), "lifeline")
			for buffer := make([]byte, 64); ; {
				if _, err := pipe.Read(buffer); err != nil {
					close(ended)
					return
				}
			}
		}()
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)

	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	// A group of its own, so that what the command starts ends with it; and should the supervisor be killed, the kernel kills the command.
	command.SysProcAttr.Setpgid = true
	command.SysProcAttr.Pdeathsig = syscall.SIGKILL
	if err := command.Start(); err != nil {
		fail("%v", err)
	}
	group := -command.Process.Pid
	exited := make(chan struct{})
	go func() {
		select {
		case <-ended:
		case <-signals:
		case <-exited:
			return
		}
		_ = syscall.Kill(group, syscall.SIGTERM)
		select {
		case <-time.After(grace):
			_ = syscall.Kill(group, syscall.SIGKILL)
		case <-exited:
		}
	}()
	err := command.Wait()
	close(exited)
	_ = syscall.Kill(group, syscall.SIGKILL)
	if state := command.ProcessState; state != nil {
		if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return 128 + int(status.Signal())
		}
		return state.ExitCode()
	}
	fail("%v", err)
	return notRun
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "supervisor: "+format+"\n", values...)
	os.Exit(notRun)
}
