"""Where an instance lives, how it is reached, and how to bring it up."""

import fcntl
import hashlib
import os
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent.parent
START_LIMIT = 60.0


@dataclass(frozen=True)
class Urls:
    """The two addresses, in the form the settings read."""

    database: str
    redis: str


@dataclass(frozen=True)
class Instance:
    """One pair of servers: the folder of their data, and whether they serve tests (fast, not durable)."""

    root: Path
    test: bool = False

    @classmethod
    def of_project(cls, *, test: bool = False) -> "Instance":
        """Return the instance of this checkout; tests have their own."""
        return cls(PROJECT / "var" / "test" if test else PROJECT / "var", test)

    @property
    def sockets(self) -> Path:
        """A short folder for the sockets, different for each folder of data: socket paths may not be long."""
        name = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return Path("/tmp") / f"rapport-{os.getuid()}-{name}"  # noqa: S108  (owner and mode are checked below)

    @property
    def urls(self) -> Urls:
        """How to reach the two servers, whether they run or not."""
        return Urls(
            f"postgres://postgres@{quote(str(self.sockets), safe='')}/rapport",
            f"unix://{self.sockets}/redis.sock?db=0",
        )

    def prepare(self) -> None:
        """Make the folders; refuse a socket folder that belongs to somebody else or is open to others."""
        for folder in (self.root, self.root / "log"):
            folder.mkdir(parents=True, exist_ok=True)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise SystemExit(f"{self.sockets} is not a private folder of yours. Remove it and start again.")

    def ready(self) -> bool:
        """Tell whether the keeper has said that both servers answer."""
        return self.kept() and (self.root / "ready").exists()

    def kept(self) -> bool:
        """Tell whether a keeper is alive: it holds `keeper.lock` for as long as it lives."""
        handle = open_lock(self.root / "keeper.lock")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False


def open_lock(path: Path) -> int:
    """Open a lock file, making it when needed; returns the descriptor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def urls() -> Urls:
    """Return the addresses of this checkout's own pair of servers."""
    return Instance.of_project().urls


def ensure(instance: Instance) -> int:
    """Bring the servers up unless they run; returns a descriptor that keeps them up while it is open.

    The descriptor is inheritable, so that a command this process turns into keeps them too.
    Raises SystemExit with the end of the log when they do not come up.
    """
    instance.prepare()
    users = open_lock(instance.root / "users")
    fcntl.flock(users, fcntl.LOCK_SH)
    os.set_inheritable(users, True)
    deadline = time.monotonic() + START_LIMIT
    started = 0.0
    while not instance.ready():
        if time.monotonic() > deadline:
            raise SystemExit(f"PostgreSQL or Redis did not start:\n{_last_words(instance)}")
        if not instance.kept() and time.monotonic() - started > 2:
            if started and (words := _last_words(instance)):
                print(words, file=sys.stderr)
            _start_keeper(instance)
            started = time.monotonic()
        time.sleep(0.05)
    return users


def _start_keeper(instance: Instance) -> None:
    command = [sys.executable, "-m", "crm.embedded", "keep", *(["--test"] if instance.test else [])]
    if instance.root not in (PROJECT / "var", PROJECT / "var" / "test"):
        command += ["--root", str(instance.root)]
    with (instance.root / "log" / "keeper.log").open("ab") as log:
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)


def _last_words(instance: Instance) -> str:
    words = ""
    for name in ("keeper", "postgres", "redis"):
        path = instance.root / "log" / f"{name}.log"
        if path.exists():
            words += "".join(f"{name}: {line}\n" for line in path.read_text(errors="replace").splitlines()[-5:])
    return words
