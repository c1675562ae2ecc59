"""One piece of work in a process of its own, with the peak of its memory: `alone("contacts.bench:take_in", rows=5)`."""

import json
import resource
import subprocess
import sys
from importlib import import_module
from typing import Any


def peak_mb(pid: int | str = "self") -> float:
    """Return the most memory a process has had in use, in megabytes of 1,000,000 bytes."""
    try:
        with open(f"/proc/{pid}/status") as status:
            # Not getrusage: its figure begins with the size of the process that started this one.
            found = next(int(text.split()[1]) * 1024 for text in status if text.startswith("VmHWM"))
    except FileNotFoundError:
        found = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(found / 1e6, 1)


def alone(name: str, **arguments: Any) -> dict[str, Any]:
    """Run `module:function` in a fresh process; returns what it returns, with `peak_mb`."""
    command = [sys.executable, "-m", "crm.benching.alone", name, json.dumps(arguments)]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Do the work that the command line names."""
    import django

    django.setup()
    module, _, function = sys.argv[1].partition(":")
    result = getattr(import_module(module), function)(**json.loads(sys.argv[2]))
    print(json.dumps({**result, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
