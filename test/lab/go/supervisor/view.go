package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// view is what a command sees in place of the machine's own files.
type view struct{ hosts, resolv, serviceAccount string }

const podServiceAccount = "/run/secrets/kubernetes.io/serviceaccount"

// command gives the command to start: as it is where nothing is to be mounted; else this program again, in namespaces of its own.
func (v view) command(argv []string) (*exec.Cmd, error) {
	if v == (view{}) {
		return exec.Command(argv[0], argv[1:]...), nil
	}
	inside := func(attributes *syscall.SysProcAttr, argv ...string) *exec.Cmd {
		arguments := []string{"-inside", "-hosts", v.hosts, "-resolv", v.resolv, "-service-account", v.serviceAccount, "--"}
		command := exec.Command("/proc/self/exe", append(arguments, argv...)...)
		command.SysProcAttr = attributes
		return command
	}
	// Root mounts in a mount namespace; anyone else first becomes root of a user namespace, where the kernel lets them.
	ways := []func() *syscall.SysProcAttr{
		func() *syscall.SysProcAttr { return &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS} },
		func() *syscall.SysProcAttr {
			return &syscall.SysProcAttr{
				Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
				UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
				GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
			}
		},
	}
	var failures error
	for _, way := range ways {
		text, err := inside(way(), "/bin/true").CombinedOutput()
		if err == nil {
			return inside(way(), argv...), nil
		}
		failures = errors.Join(failures, fmt.Errorf("%w: %s", err, text))
	}
	return nil, fmt.Errorf("cannot mount: neither as root nor in a user namespace\n%w", failures)
}

// become mounts, then turns this process into the command. It returns on failure only.
func (v view) become(argv []string) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := bind(v.hosts, "/etc/hosts"); err != nil {
		return err
	}
	if err := bind(v.resolv, "/etc/resolv.conf"); err != nil {
		return err
	}
	if v.serviceAccount != "" {
		folder, err := os.Open(v.serviceAccount)
		if err != nil {
			return err
		}
		// The folder may itself lie below what is about to be hidden.
		defer folder.Close()
		if err := syscall.Mount("lab", "/run", "tmpfs", 0, "mode=755"); err != nil {
			return fmt.Errorf("mount /run: %w", err)
		}
		if err := os.MkdirAll(podServiceAccount, 0o755); err != nil {
			return err
		}
		if err := bind(fmt.Sprintf("/proc/self/fd/%d", folder.Fd()), podServiceAccount); err != nil {
			return err
		}
	}
	program, err := exec.LookPath(argv[0])
	if err != nil {
		return err
	}
	if program, err = filepath.Abs(program); err != nil {
		return err
	}
	return fmt.Errorf("%s: %w", program, syscall.Exec(program, argv, os.Environ()))
}

func bind(source, target string) error {
	if source == "" {
		return nil
	}
	if _, err := os.Stat(target); errors.Is(err, os.ErrNotExist) && target == "/etc/resolv.conf" {
		return nil // Without one, nothing but the hosts file resolves names: what the lab's own would do.
	}
	if err := syscall.Mount(source, target, "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("mount %s: %w", target, err)
	}
	return nil
}
