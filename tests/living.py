"""Whether processes are still alive, as the system tells it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path


def is_alive(pid: int) -> bool:
    """One that is dead and waits for init to say so is not: a container's init may take its time."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # a system without /proc: the signal has reached it


def are_gone(pids: Iterable[int], seconds: float = 5.0) -> bool:
    """Waits until none of them is alive, at most so long."""
    end = time.monotonic() + seconds
    left = [pid for pid in pids if is_alive(pid)]
    while left and time.monotonic() < end:
        time.sleep(0.01)
        left = [pid for pid in left if is_alive(pid)]
    return not left
