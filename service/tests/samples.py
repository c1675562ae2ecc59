"""A ticket with an answer and a note."""

from types import SimpleNamespace
from typing import Any

from service.services import casework


def arguments(cast: SimpleNamespace) -> dict[str, list[Any]]:
    """Make it for the customer of the room below."""
    ticket = cast.ticket = casework.open_ticket(
        actor=cast.alice, subject="Steam wand loses pressure", customer=cast.elin, contact=cast.elin,
        description="Third time since October.", owner=cast.alice,
    )  # fmt: skip
    casework.reply(ticket, actor=cast.alice, body="A technician comes tomorrow.")
    casework.note(ticket, actor=cast.alice, body="Take the valve kit along.")
    pk = [ticket.pk]
    return {"service:ticket": pk, "service:edit": pk, "service:say": pk, "service:move": [ticket.pk, "resolved"],
            "service:party_panel": [cast.elin.pk]}  # fmt: skip
