// Package steps tells the runner about steps: one JSON object a line.
package steps

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
)

var (
	count  int
	stdin  = bufio.NewReader(os.Stdin)
	stdout = json.NewEncoder(os.Stdout)
)

type failure struct{ text string }

func tell(line map[string]any) {
	if err := stdout.Encode(line); err != nil {
		os.Exit(1)
	}
}

// Step fails where a check in run fails or run panics; the steps after it are run all the same.
func Step(name string, run func()) {
	count++
	defer func() {
		line := map[string]any{"step": name, "ok": true}
		if caught := recover(); caught != nil {
			line["ok"] = false
			if failed, ok := caught.(failure); ok {
				line["error"] = failed.text
			} else {
				line["error"] = fmt.Sprintf("panic: %v", caught)
			}
		}
		tell(line)
	}()
	run()
}

func fail(format string, values ...any) {
	text := fmt.Sprintf(format, values...)
	// Where in the step itself, not in what it calls: the last place before Step.
	pcs := make([]uintptr, 50)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	place := ""
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "steps.Step") {
			panic(failure{fmt.Sprintf("%s (%s)", text, place)})
		}
		place = fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line)
		if !more {
			panic(failure{text})
		}
	}
}

// Equal compares deeply.
func Equal[T any](actual, expected T) {
	if !reflect.DeepEqual(actual, expected) {
		fail("%#v is not %#v", actual, expected)
	}
}

// OK fails where there is an error.
func OK(err error) {
	if err != nil {
		fail("%v", err)
	}
}

// Must gives the result of a call that must succeed.
func Must[T any](result T, err error) T {
	OK(err)
	return result
}

// Contains fails where text is not a part of whole.
func Contains(whole, text string) {
	if !strings.Contains(whole, text) {
		fail("%q does not contain %q", whole, text)
	}
}

// Holds fails where a condition does not hold.
func Holds(condition bool, what string) {
	if !condition {
		fail("%s", what)
	}
}

// Ask has the runner do something to the server.
func Ask(question string) {
	tell(map[string]any{"ask": question})
	if answer, err := stdin.ReadString('\n'); err != nil || answer != "ok\n" {
		fail("the runner did not %s", question)
	}
}

// Done tells how many steps there were.
func Done() {
	tell(map[string]any{"done": count})
}
