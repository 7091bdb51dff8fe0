"""`python -m game` and the console script `draughty`: the same."""

import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130  # what a shell calls a program that Ctrl-C ended


def main() -> int:
    """Run the command line, and the exit code.

    Until the command line is read in, nothing has been begun that has to be put away: Ctrl-C then ends the
    program at once, without the traceback that a KeyboardInterrupt in the middle of an import would leave.
    """
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not if it was to be ignored
    if ours:
        signal.signal(signal.SIGINT, _too_early)
    from game.cli.main import main as run

    if ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    code = run()
    if code == INTERRUPTED:
        # A KeyboardInterrupt that came through code given as a string (dataclasses are made of such) leaves
        # a mark, for which CPython at its end kills itself; the next such code takes the mark away.
        # CPython 3.11, Python/pythonrun.c, run_eval_code_obj.
        exec("")
    return code


def _too_early(_number: int, _frame: FrameType | None) -> None:
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main())
