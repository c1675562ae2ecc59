"""Pages under measurement: what rooms declare, asked for in turn beside a bare one, signed in, as in production."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client as TestClient
from django.test.utils import CaptureQueriesContext

from crm.accounts.models import User
from crm.benching.client import Client, session_cookie, throughput
from crm.benching.figures import line, spread
from crm.benching.filled import filled
from crm.benching.processes import served
from crm.benching.rooms import declared

CUSTOMERS = 100_000
ROUNDS = 200
WARM_UP = 20
BARE = "bare"


@dataclass(frozen=True)
class Page:
    """A page to be measured. `paths` are asked for one after the other; a function is called on the filled database.

    `busy` also measures it under eight connections at once.
    """

    name: str
    paths: tuple[str, ...] | Callable[[], tuple[str, ...]]
    busy: bool = False

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses."""
        return self.paths() if callable(self.paths) else self.paths


def queries(path: str, cookie: str) -> int:
    """Return how many queries a signed-in person's second look at a page costs."""
    client = TestClient(headers={"cookie": cookie})
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(path)
    return len(asked)


def measure(url: str, cookie: str, pages: dict[str, tuple[str, ...]], rounds: int) -> Iterator[dict[str, Any]]:
    """Ask for all pages in turn; yields a line each, with its ratio to the bare page of the same run."""
    client = Client(url, cookie)
    times: dict[str, list[float]] = {name: [] for name in pages}
    sizes: dict[str, int] = dict.fromkeys(pages, 0)
    for turn in range(-min(WARM_UP, rounds), rounds):
        for name, paths in pages.items():
            passed, body = client.get(paths[turn % len(paths)])
            sizes[name] = max(sizes[name], len(body))
            if turn >= 0:
                times[name].append(passed)
    client.close()
    bare = median(times[BARE])
    for name, paths in pages.items():
        most = max(queries(path, cookie) for path in paths[:5])
        yield spread(name, times[name], queries=most, bytes=sizes[name], ratio=round(median(times[name]) / bare, 2))


def bench_pages(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Fill a company, serve it as in production, and measure what the rooms declare as PAGES."""
    filled(options["size"] or CUSTOMERS, options["seed"])
    pages = [page for entry in declared("PAGES") for page in entry]
    addresses = {page.name: page.addresses() for page in pages}
    cookie = session_cookie(User.objects.filter(role__key="manager", is_active=True).earliest("pk"))
    rounds = options["repeat"] or ROUNDS
    with served("web") as servers:
        yield from measure(servers.public, cookie, addresses, rounds)
        for page in pages:
            if page.busy:
                speed = throughput(servers.public, cookie, addresses[page.name][0], connections=8, each=rounds // 2)
                yield line(f"{page.name}, 8 at once", speed, "requests/s", 8 * (rounds // 2))
