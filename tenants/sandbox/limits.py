"""The limits of one parser process, and setting them in that process."""

import contextlib
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

# Standard streams, the slot's lock, the archive, one of its parts, and a module that is being imported.
MAX_OPEN_FILES = 24


@dataclass(frozen=True)
class ParserLimits:
    """How much memory (in bytes), CPU time, waiting time (both in seconds) and output (in bytes) a parser may use."""

    memory: int
    cpu_seconds: int
    wait_seconds: int
    output_size: int


def apply_limits(limits: ParserLimits) -> None:
    """Limit this process for the rest of its life: it writes no file, starts no process and leaves no core dump."""
    for kind, limit in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))
    # Ends a parser whose parent was killed, even if it neither computes nor writes. The parent ends it much earlier.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 20 * limits.wait_seconds)
    # If the machine's memory runs out all the same, the kernel ends this process first.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
