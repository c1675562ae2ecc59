"""Invented people: names, addresses, e-mail addresses, and telephone numbers that ring nowhere.

The words come from Faker with a fixed seed and are drawn once; who gets which is the caller's generator's choice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from faker import Faker

WORDS_SEED = 4711
PLACES = [
    ("212", "New York", "NY", "100"), ("716", "Buffalo", "NY", "142"), ("518", "Albany", "NY", "122"),
    ("617", "Boston", "MA", "021"), ("413", "Springfield", "MA", "011"), ("203", "New Haven", "CT", "065"),
    ("401", "Providence", "RI", "029"), ("802", "Burlington", "VT", "054"), ("207", "Portland", "ME", "041"),
    ("603", "Concord", "NH", "033"), ("215", "Philadelphia", "PA", "191"), ("412", "Pittsburgh", "PA", "152"),
    ("201", "Newark", "NJ", "071"), ("302", "Wilmington", "DE", "198"), ("410", "Baltimore", "MD", "212"),
    ("202", "Washington", "DC", "200"), ("804", "Richmond", "VA", "232"), ("757", "Norfolk", "VA", "235"),
    ("304", "Charleston", "WV", "253"), ("704", "Charlotte", "NC", "282"), ("919", "Raleigh", "NC", "276"),
    ("803", "Columbia", "SC", "292"), ("404", "Atlanta", "GA", "303"), ("912", "Savannah", "GA", "314"),
    ("305", "Miami", "FL", "331"), ("407", "Orlando", "FL", "328"), ("813", "Tampa", "FL", "336"),
    ("216", "Cleveland", "OH", "441"), ("513", "Cincinnati", "OH", "452"), ("614", "Columbus", "OH", "432"),
    ("313", "Detroit", "MI", "482"), ("616", "Grand Rapids", "MI", "495"), ("317", "Indianapolis", "IN", "462"),
    ("502", "Louisville", "KY", "402"), ("615", "Nashville", "TN", "372"), ("901", "Memphis", "TN", "381"),
    ("312", "Chicago", "IL", "606"), ("217", "Springfield", "IL", "627"), ("414", "Milwaukee", "WI", "532"),
    ("608", "Madison", "WI", "537"), ("612", "Minneapolis", "MN", "554"), ("515", "Des Moines", "IA", "503"),
    ("314", "St. Louis", "MO", "631"), ("816", "Kansas City", "MO", "641"), ("504", "New Orleans", "LA", "701"),
    ("713", "Houston", "TX", "770"), ("214", "Dallas", "TX", "752"), ("512", "Austin", "TX", "787"),
    ("402", "Omaha", "NE", "681"), ("303", "Denver", "CO", "802"), ("505", "Albuquerque", "NM", "871"),
    ("602", "Phoenix", "AZ", "850"), ("801", "Salt Lake City", "UT", "841"), ("702", "Las Vegas", "NV", "891"),
    ("206", "Seattle", "WA", "981"), ("503", "Portland", "OR", "972"), ("213", "Los Angeles", "CA", "900"),
    ("415", "San Francisco", "CA", "941"), ("619", "San Diego", "CA", "921"), ("916", "Sacramento", "CA", "958"),
]  # fmt: skip
"""Area code, city, state, first three digits of the postal code."""
FICTION = 100
"""Numbers 555-0100 to 555-0199 of every area code are kept for fiction."""


@dataclass(frozen=True)
class Words:
    """What names and addresses are made of."""

    first: list[str]
    last: list[str]
    streets: list[str]
    firms: list[str]
    roles: list[str]


def _distinct(draw: Callable[[], str], count: int) -> list[str]:
    return list(dict.fromkeys(draw() for _ in range(count)))


@lru_cache(maxsize=1)
def words() -> Words:
    """Draw the words: the same ones each time."""
    faker: Any = Faker("en_US")
    faker.seed_instance(WORDS_SEED)
    kinds = ("Bakery", "Café", "Catering", "Deli", "Diner", "Foods", "Grocers", "Inn", "Kitchen", "Market")
    last = _distinct(faker.last_name, 1500)
    return Words(
        first=_distinct(faker.first_name, 1200),
        last=last,
        streets=_distinct(faker.street_name, 600),
        firms=[f"{last[place % len(last)]} {kind}" for place in range(0, 900, 3) for kind in kinds],
        roles=["Owner", "Manager", "Buyer", "Head of Kitchen", "Assistant"],
    )


@dataclass
class Numbers:
    """Hands out telephone numbers, each once.

    First those kept for fiction in the place's area code. When they are used up, numbers with area codes 370 to 379:
    the numbering plan has set these aside and gives them to nobody.
    """

    used: list[int] = field(default_factory=lambda: [0] * len(PLACES))
    beyond: int = 0

    def next(self, place: int) -> str:
        """Return a number nobody has yet, in E.164."""
        count = self.used[place]
        if count < FICTION:
            self.used[place] = count + 1
            return f"+1{PLACES[place][0]}55501{count:02d}"
        area, rest = divmod(self.beyond, 8_000_000)
        exchange, line = divmod(rest, 10_000)
        self.beyond += 1
        return f"+1{370 + area}{200 + exchange}{line:04d}"
