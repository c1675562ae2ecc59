"""Who works at the demo company, who buys there, and the dice of the stories about them."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as day_time
from functools import cached_property

from contacts.models import Party
from crm.accounts.models import User
from crm.demo import people
from crm.lib import clock
from crm.lib.clock import now

FULL, SMALLEST = 2_469, 0.15


@dataclass
class Company:
    """All of it, handed from story to story."""

    staff: dict[str, User]
    customers: people.Customers
    book: people.Book
    dice: random.Random

    @cached_property
    def parties(self) -> dict[int, Party]:
        """Customers and their buyers by key."""
        return Party.objects.select_related("owner").in_bulk([*self.customers.key, *self.customers.contact])

    @property
    def share(self) -> float:
        """How much of the full company this is: the stories shrink with it."""
        return max(len(self.customers.key) / FULL, SMALLEST)

    def some(self, count: int) -> int:
        """Return how many of so many things happen in a company of this size."""
        return round(count * self.share)

    def somebody(self, *, firm: bool = False) -> tuple[Party, Party]:
        """Return a customer and the person who buys."""
        places = [place for place, is_firm in enumerate(self.customers.firm) if is_firm or not firm]
        place = self.dice.choice(places)
        return self.parties[self.customers.key[place]], self.parties[self.customers.contact[place]]

    def office_hour(self, days_ago: int) -> datetime:
        """Return a moment between 9 and 17 on a working day about so many days ago, never a future one."""
        zone = clock.zone("")
        day = clock.local(now(), zone).date() - timedelta(days=max(days_ago, 1))
        day -= timedelta(days=max(0, day.weekday() - 4))
        at = datetime.combine(day, day_time(9), tzinfo=zone) + timedelta(minutes=self.dice.randrange(8 * 60))
        return at.astimezone(clock.UTC)
