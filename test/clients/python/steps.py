"""Tells the runner about steps: one JSON object a line."""

import contextlib
import json
import sys
import traceback

_count = 0


def _tell(line):
    print(json.dumps(line), flush=True)


@contextlib.contextmanager
def step(name):
    """A step fails where its block raises; the steps after it are run all the same."""
    global _count
    _count += 1
    try:
        yield
    except Exception as error:
        # Where in the step itself, not in what it calls.
        place = next(frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == sys.argv[0])
        text = f"{type(error).__name__}: {error} (line {place.lineno}: {place.line})"
        _tell({"step": name, "ok": False, "error": text})
    else:
        _tell({"step": name, "ok": True})


@contextlib.contextmanager
def raises(kind):
    """Holds the error that the block raised: `with raises(Forbidden) as caught: …`, then `caught.error`."""

    class Caught:
        error = None

    caught = Caught()
    try:
        yield caught
    except kind as error:
        caught.error = error
    else:
        raise AssertionError(f"no {kind.__name__} was raised")


def equal(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def ask(question):
    """Has the runner do something to the server."""
    _tell({"ask": question})
    assert sys.stdin.readline() == "ok\n", f"the runner did not {question}"


def done():
    _tell({"done": _count})
