"""`bin/bench NAME --json`: run one measurement that a room declares in its `bench.py`."""

import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser


def discover() -> dict[str, Any]:
    """Return the measurements of all rooms by name; a name may have parts in several rooms."""
    found: dict[str, list[Any]] = {}
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.bench"):
            for name, fn in import_module(f"{config.name}.bench").BENCHES.items():
                found.setdefault(name, []).append(fn)
    return found


class Command(BaseCommand):
    """Each measurement works on a database of its own, which it makes and drops."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The name of the measurement and its size."""
        parser.add_argument("name", nargs="?", default="", help="which one; none: list them")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--size", type=int, default=100_000, help="customers")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--repeat", type=int, default=0, help="measurements per figure (0: the bench's own number)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the parts one after the other and print what they yield."""
        benches = discover()
        if options["name"] not in benches:
            raise CommandError(f"Choose one of: {', '.join(sorted(benches)) or 'none yet'}.")
        for part in benches[options["name"]]:
            for line in part(options):
                if options["json"]:
                    self.stdout.write(json.dumps(line))
                else:
                    self.stdout.write("  ".join(f"{key}={value}" for key, value in line.items()))
