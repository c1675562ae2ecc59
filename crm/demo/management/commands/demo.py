"""Fill an empty database: with the demo company, or with any number of customers for measuring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.demo import filling, founding
from crm.lib.errors import DomainError


class Command(BaseCommand):
    """Not there in production: the app is not installed."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """How many customers, drawn by which seed, and what to do when somebody is here already."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there are customers already")
        parser.add_argument("--size", type=int, help="customers (up to 1,000,000); without it, the demo company")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same rows")
        parser.add_argument("--no-score", action="store_true", help="with --size: leave the customers without scores")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, and say how far it is."""
        if options["if_empty"] and not filling.is_empty():
            return
        try:
            if options["size"] is None:
                founding.found(options["seed"], say=self._say)
            else:
                filling.fill(options["size"], options["seed"], score=not options["no_score"], say=self._say)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
