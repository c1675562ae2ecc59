"""When a ticket is due, in business hours."""

from datetime import date, datetime, timedelta
from typing import Any

from crm.lib.clock import BusinessHours, zone
from service.models import Calendar, SlaPolicy
from service.states import Priority

DEFAULTS = {
    Priority.URGENT: (30, 240),
    Priority.HIGH: (60, 480),
    Priority.NORMAL: (240, 1440),
    Priority.LOW: (600, 3000),
}


def ensure_defaults() -> None:
    """Make office hours and the four service levels where there are none."""
    calendar = Calendar.objects.first() or Calendar.objects.create(name="Office hours", weekdays=[0, 1, 2, 3, 4])
    for priority, (first, resolution) in DEFAULTS.items():
        SlaPolicy.objects.get_or_create(
            priority=priority,
            defaults={"first_response_minutes": first, "resolution_minutes": resolution, "calendar": calendar},
        )


def hours(calendar: Calendar) -> BusinessHours:
    """Return the calendar as intervals."""
    return BusinessHours(
        zone(calendar.time_zone),
        {int(day): [(calendar.opens, calendar.closes)] for day in calendar.weekdays},
        frozenset(date.fromisoformat(day) for day in calendar.holidays),
    )


def policy(priority: str) -> SlaPolicy:
    """Return the service level of a priority, making the usual ones when somebody took it away."""
    found = SlaPolicy.objects.select_related("calendar").filter(priority=priority).first()
    if found is None:
        ensure_defaults()
        found = SlaPolicy.objects.select_related("calendar").get(priority=priority)
    return found


def due(priority: str, start: datetime) -> tuple[datetime, datetime]:
    """Return when the first answer and the solution are due for a ticket that begins at `start`."""
    level = policy(priority)
    open_hours = hours(level.calendar)
    return (
        open_hours.add(start, timedelta(minutes=level.first_response_minutes)),
        open_hours.add(start, timedelta(minutes=level.resolution_minutes)),
    )


def after_pause(ticket: Any, since: datetime, until: datetime) -> datetime:
    """Return the new due moment after a pause: as much business time is left as there was before."""
    open_hours = hours(policy(ticket.priority).calendar)
    left = open_hours.between(since, ticket.resolution_due)
    return open_hours.add(until, left) if left else ticket.resolution_due
