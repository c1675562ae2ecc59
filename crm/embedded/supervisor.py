"""Run the processes of Rapport together: a prefix for each log, one that dies is named and ends the run."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from crm.embedded.keeper import dies_with_parent

COLOURS = ["36", "33", "32", "35", "34", "31"]
STOP_LIMIT = 15.0


@dataclass
class Supervisor:
    """Starts, watches and ends child processes."""

    environment: dict[str, str]
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    also: dict[str, Callable[[], bool]] = field(default_factory=dict)
    stopping: bool = False

    def start(self, name: str, command: list[str]) -> None:
        """Start one process in its own group, its lines printed with its name before them."""
        child = subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )
        colour = COLOURS[len(self.children) % len(COLOURS)]
        self.children[name] = child
        assert child.stdout is not None
        threading.Thread(target=self._print, args=(name, colour, child.stdout), daemon=True).start()

    @staticmethod
    def _print(name: str, colour: str, stream: IO[bytes]) -> None:
        prefix = f"\x1b[{colour}m{name:>9} |\x1b[0m" if sys.stdout.isatty() else f"{name:>9} |"
        for line in stream:
            print(prefix, line.decode(errors="replace").rstrip(), flush=True)

    def watch(self) -> int:
        """Stay until Ctrl-C, SIGTERM or the death of a child; ends all; returns the exit status."""
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: setattr(self, "stopping", True))
        while not self.stopping:
            if words := self.dead():
                print(f"{words}: stopping everything.", flush=True)
                self.stop()
                return 1
            time.sleep(0.2)
        self.stop()
        return 0

    def dead(self) -> str | None:
        """Return a phrase that names the first process found dead, or None."""
        for name, child in self.children.items():
            if child.poll() is not None:
                return f"{name} ended (status {child.returncode})"
        for name, alive in self.also.items():
            if not alive():
                return f"{name} ended"
        return None

    def stop(self) -> None:
        """Ask every child to end, in the reverse order of their start; kill what does not."""
        for child in reversed(self.children.values()):
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_LIMIT
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                # The whole group: a killed parent must not leave its pool behind.
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
