"""`bin/bench NAME --json`: run measurements that rooms declare in their `bench.py`."""

import json
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.benching import ground
from crm.benching.rooms import benches


class Command(BaseCommand):
    """Each measurement works on a database of its own, which it makes and drops."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The name of the measurement and its size."""
        parser.add_argument("names", nargs="*", help="which ones; none: list them")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        sizes = ("--size", "--customers", "--rows")
        parser.add_argument(*sizes, type=int, default=0, dest="size", help="customers or rows (0: the bench's own)")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--repeat", type=int, default=0, help="measurements per figure (0: the bench's own number)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the parts one after the other on their own ground, and print what they yield."""
        names, known = options["names"], benches()
        if not names or set(names) - set(known):
            raise CommandError(f"Choose one of: {', '.join(sorted(known))}.")
        if "BENCH_FOLDER" not in os.environ:
            rest = [word for word in sys.argv[2:] if word not in names]
            manage = str(settings.BASE_DIR / "manage.py")
            sys.exit(ground.within([[sys.executable, manage, "bench", name, *rest] for name in names]))
        for part in known[names[0]]:
            for line in part(options):
                words = [f"{key}={value}" for key, value in line.items()]
                self.stdout.write(json.dumps(line) if options["json"] else "  ".join(words))
                self.stdout.flush()
