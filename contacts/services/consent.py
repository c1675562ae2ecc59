"""The consent ledger, and the one question every sender and dialler asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Basis, Channel, Consent, Party, Purpose
from contacts.services import timeline
from crm.lib.clock import now
from crm.lib.words import kept


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may be contacted, the reason in words, and the ledger's line it rests on."""

    allowed: bool
    reason: str
    consent_id: int | None = None


def may_contact(party: Party, channel: str, purpose: str, at: datetime | None = None) -> Verdict:
    """Answer for one party, at a moment: the newest line of the ledger counts."""
    return may_contact_many([party.pk], channel, purpose, at)[party.pk]


def may_contact_many(
    party_ids: Iterable[int], channel: str, purpose: str, at: datetime | None = None
) -> dict[int, Verdict]:
    """Answer for many parties with two queries; ids that do not exist are refused."""
    moment = at or now()
    ids = list(party_ids)
    alive = set(Party.objects.filter(pk__in=ids, archived_at=None).values_list("pk", flat=True))
    newest = {
        line.party_id: line
        for line in Consent.objects.filter(party_id__in=ids, channel=channel, purpose=purpose, at__lte=moment)
        .order_by("party_id", "-at", "-id")
        .distinct("party_id")
    }
    return {pk: judge(pk in alive, newest.get(pk), purpose, moment) for pk in ids}


def judge(alive: bool, line: Consent | None, purpose: str, at: datetime | None = None) -> Verdict:
    """Answer from the newest line of the ledger, None when there is none."""
    if not alive:
        return Verdict(False, _("Archived"))
    if line is None:
        if purpose == Purpose.SERVICE:
            # Answering and serving a customer rests on the contract until they say no.
            return Verdict(True, _("Service rests on the contract"))
        return Verdict(False, _("Never asked"))
    if not line.granted:
        return Verdict(False, _("Said no"), line.pk)
    if line.expires_at and line.expires_at <= (at or now()):
        return Verdict(False, _("Consent has ended"), line.pk)
    return Verdict(True, str(line.get_basis_display()), line.pk)


def grant(*, actor: Any, party: Party, channel: str, purpose: str, **details: Any) -> Consent:
    """Write that consent was given: basis, proof, source, at, expires_at."""
    return _write(actor, party, channel, purpose, True, details)


def withdraw(*, actor: Any, party: Party, channel: str, purpose: str, **details: Any) -> Consent:
    """Write that consent was withdrawn; it counts from this moment."""
    details.pop("expires_at", None)
    return _write(actor, party, channel, purpose, False, details)


@transaction.atomic
def _write(actor: Any, party: Party, channel: str, purpose: str, granted: bool, details: dict[str, Any]) -> Consent:
    line = Consent(
        party=party, channel=channel, purpose=purpose, granted=granted, at=details.pop("at", None) or now(),
        recorded_by=actor, basis=details.pop("basis", Basis.EXPRESS), **details,
    )  # fmt: skip
    line.save(force_insert=True)
    purpose_words, channel_words = kept(Purpose(purpose).label), kept(Channel(channel).label)
    words = gettext_lazy("Consent given: %(what)s") if granted else gettext_lazy("Consent withdrawn: %(what)s")
    timeline.record(
        customer_id=party.customer_id, contact=party, kind="consent", channel="system", actor=actor, source=line,
        summary=kept(words, what=f"{purpose_words}, {channel_words}"), body=line.proof,
    )  # fmt: skip
    return line
