"""Time: aware UTC inside, the user's zone on the screen, business hours as intervals."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone

DAY = timedelta(days=1)
# A calendar without a single open hour would be walked for ever; two years of closed days is a mistake in it.
MOST_CLOSED_DAYS = 731
_set_to: ContextVar[datetime | None] = ContextVar("set_to", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _set_to.get() or timezone.now()


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let `now()` answer another moment inside the block: services write down what happened then.

    Columns that Django fills (`auto_now_add`) do not look at this clock.
    """
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)


def zone(name: str) -> ZoneInfo:
    """Return the named zone, or the installation's default when the name is empty or unknown."""
    try:
        return ZoneInfo(name or settings.DEFAULT_USER_TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.DEFAULT_USER_TIME_ZONE)


def user_zone(user: Any) -> ZoneInfo:
    """Return the zone in which this user reads times."""
    return zone(getattr(user, "time_zone", ""))


def local(at: datetime, tz: ZoneInfo) -> datetime:
    """Return the same moment on a clock in `tz`."""
    return at.astimezone(tz)


def day_bounds(day: date, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the UTC moments at which a local day begins and ends (23 or 25 hours apart at a clock change)."""
    start = datetime.combine(day, time(0), tzinfo=tz)
    end = datetime.combine(day + DAY, time(0), tzinfo=tz)
    return start.astimezone(UTC), end.astimezone(UTC)


def today_bounds(tz: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the UTC bounds of the present local day."""
    return day_bounds(local(now(), tz).date(), tz)


@dataclass(frozen=True)
class BusinessHours:
    """Opening hours: several intervals a weekday (0 = Monday), closed on holidays.

    An interval that ends at 00:00 runs to midnight. All arithmetic is on UTC moments, so a clock change inside an
    interval counts the hours that really pass.
    """

    zone: ZoneInfo
    week: dict[int, list[tuple[time, time]]]
    holidays: frozenset[date] = field(default_factory=frozenset)

    def _open_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if day in self.holidays:
            return
        for opens, closes in sorted(self.week.get(day.weekday(), [])):
            start = datetime.combine(day, opens, tzinfo=self.zone).astimezone(UTC)
            last_day = day + DAY if closes == time(0) else day
            yield start, datetime.combine(last_day, closes, tzinfo=self.zone).astimezone(UTC)

    def is_open(self, at: datetime) -> bool:
        """Tell whether the moment lies inside an interval."""
        return any(start <= at < end for start, end in self._open_on(at.astimezone(self.zone).date()))

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the moment at which `amount` of business time has passed since `start`.

        Raises ValueError when the calendar is never open.
        """
        left, day, closed_days = amount, start.astimezone(self.zone).date(), 0
        while closed_days < MOST_CLOSED_DAYS:
            worked = False
            for opens, closes in self._open_on(day):
                begin = max(opens, start)
                if begin >= closes:
                    continue
                worked = True
                if left <= closes - begin:
                    return (begin + left).astimezone(UTC)
                left -= closes - begin
            closed_days = 0 if worked else closed_days + 1
            day += DAY
        raise ValueError("These business hours are never open.")

    def between(self, first: datetime, last: datetime) -> timedelta:
        """Return the business time between two moments; nothing when they are in the wrong order."""
        total, day = timedelta(0), first.astimezone(self.zone).date()
        while day <= last.astimezone(self.zone).date():
            for opens, closes in self._open_on(day):
                total += max(timedelta(0), min(closes, last) - max(opens, first))
            day += DAY
        return total
