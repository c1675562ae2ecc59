"""Call lists: who is next, may they be dialled at this moment, and how it went.

Asked again at the moment of dialling: consent, do-not-call, and the hours of the called party in every zone that the
number may lie in. Whoever may not be called ever is left out with the reason; whoever may not be called now waits.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.events import CampaignStarted
from campaigns.models import CallEntry, Campaign
from campaigns.services import segmenting
from campaigns.states import CampaignStatus, EntryState, Outcome
from contacts.models import Channel, Party, Purpose
from contacts.services import consent
from crm.events import publish
from crm.lib import clock, phones, state
from crm.lib.clock import now
from crm.lib.copy import copy_rows
from crm.lib.errors import DomainError
from crm.lib.words import kept

OPENS, CLOSES = time(8), time(21)
"""Local hours in which people may be called (47 CFR 64.1200(c)(1))."""
LEASE = timedelta(minutes=15)
AGAIN = timedelta(hours=2)
MOST_ATTEMPTS = 3
MOST_TRIED = 50
WAITING = (EntryState.READY, EntryState.CALLBACK)


@dataclass(frozen=True)
class MayDial:
    """Whether an entry may be dialled now; when not, whether and when it may be later, and why."""

    allowed: bool
    reason: str = ""
    later: datetime | None = None
    consent_id: int | None = None


def check(entry: CallEntry, at: datetime | None = None) -> MayDial:
    """Answer for one entry, at the moment of dialling."""
    moment = at or now()
    if not entry.phone:
        return MayDial(False, _("No telephone number"))
    verdict = consent.may_contact(entry.contact, Channel.PHONE, Purpose.MARKETING, moment)
    if not verdict.allowed:
        return MayDial(False, verdict.reason)
    names = [entry.contact.time_zone] if entry.contact.time_zone else phones.zones(str(entry.phone))
    opens = [_next_open(clock.zone(name), moment) for name in names or [""]]
    if max(opens) > moment:
        return MayDial(False, _("It is not between 8 and 21 where they live"), later=max(opens))
    return MayDial(True, consent_id=verdict.consent_id)


def _next_open(zone: ZoneInfo, at: datetime) -> datetime:
    local = at.astimezone(zone)
    if OPENS <= local.time() < CLOSES:
        return at
    day = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    return datetime.combine(day, OPENS, tzinfo=zone).astimezone(UTC)


@transaction.atomic
def start(campaign: Campaign, *, actor: Any) -> int:
    """Make the list out of the segment; returns how many are on it. Raises StaleState when it runs already."""
    rows = Campaign.objects.filter(pk=campaign.pk, kind="call")
    state.move(rows, old=CampaignStatus.DRAFT, new=CampaignStatus.RUNNING, started_at=now())
    people = segmenting.members(campaign.segment.rule).with_phone().values_list("pk", "first_phone")
    at = now().isoformat()
    no_number = kept(gettext_lazy("No telephone number"))
    found = list(people)  # before COPY begins: one connection does one thing at a time
    made = copy_rows(
        CallEntry._meta.db_table,
        ["campaign_id", "contact_id", "phone", "state", "reason", "attempts", "outcome", "note", "updated_at"],
        (
            (
                campaign.pk,
                pk,
                phone or "",
                *(("ready", "") if phone else ("skipped", no_number)),
                0,
                "",
                "",
                at,
            )
            for pk, phone in found
        ),
    )
    campaign.refresh_from_db()
    publish(CampaignStarted(campaign_id=campaign.pk))
    return made


def pause(campaign: Campaign, *, actor: Any) -> None:
    """Let nobody be dialled until it goes on."""
    state.move(Campaign.objects.filter(pk=campaign.pk), old=CampaignStatus.RUNNING, new=CampaignStatus.PAUSED)


def resume(campaign: Campaign, *, actor: Any) -> None:
    """Go on."""
    state.move(Campaign.objects.filter(pk=campaign.pk), old=CampaignStatus.PAUSED, new=CampaignStatus.RUNNING)


def end(campaign: Campaign, *, actor: Any) -> None:
    """End it; who was not reached stays listed as waiting."""
    state.move(
        Campaign.objects.filter(pk=campaign.pk), old=[CampaignStatus.RUNNING, CampaignStatus.PAUSED],
        new=CampaignStatus.DONE, ended_at=now(),
    )  # fmt: skip


def present(campaign: Campaign, agent: Any) -> CallEntry | None:
    """Return the entry this agent has in hand."""
    held = CallEntry.objects.filter(
        campaign=campaign, agent=agent, state__in=[EntryState.RESERVED, EntryState.DIALLING]
    )
    found: CallEntry | None = held.select_related("contact", "campaign").first()
    return found


def claim_next(campaign: Campaign, agent: Any, *, dialling: bool = False) -> CallEntry | None:
    """Give the agent the next entry that may be dialled now; None when there is none. Each entry has one agent."""
    for _try in range(MOST_TRIED):
        with transaction.atomic():
            entry = _lock_next(campaign)
            if entry is None:
                return None
            verdict = check(entry)
            if verdict.allowed:
                entry.state = EntryState.DIALLING if dialling else EntryState.RESERVED
                entry.agent, entry.reserved_at, entry.consent_id = agent, now(), verdict.consent_id
                entry.save(update_fields=["state", "agent", "reserved_at", "consent", "updated_at"])
                return entry
            entry.reason = verdict.reason
            if verdict.later:
                entry.not_before = verdict.later
            else:
                entry.state = EntryState.SKIPPED
            entry.save(update_fields=["state", "reason", "not_before", "updated_at"])
    return None


def _lock_next(campaign: Campaign) -> CallEntry | None:
    due = Q(not_before=None) | Q(not_before__lte=now())
    rows = CallEntry.objects.select_for_update(skip_locked=True, of=("self",)).select_related("contact")
    free = rows.filter(due, campaign=campaign, campaign__status=CampaignStatus.RUNNING, state__in=WAITING)
    found: CallEntry | None = free.order_by("not_before", "pk").first()
    return found


def release(entry: CallEntry, *, later: timedelta = timedelta(0)) -> None:
    """Put an entry back that was not dialled after all."""
    CallEntry.objects.filter(pk=entry.pk, state__in=[EntryState.RESERVED, EntryState.DIALLING]).update(
        state=EntryState.READY, agent=None, reserved_at=None, not_before=now() + later if later else None
    )


def release_stale() -> int:
    """Put back what an agent or a worker left in hand; returns how many."""
    return int(
        CallEntry.objects.filter(state=EntryState.RESERVED, reserved_at__lt=now() - LEASE).update(
            state=EntryState.READY, agent=None, reserved_at=None
        )
    )


@transaction.atomic
def record_outcome(
    entry: CallEntry, *, actor: Any, outcome: str, note: str = "", callback_at: datetime | None = None
) -> CallEntry:
    """Write how a call went: over, again later, or never again. Raises DomainError for a call-back without a time."""
    row = CallEntry.objects.select_for_update().get(pk=entry.pk)
    if row.state not in {EntryState.RESERVED, EntryState.DIALLING}:
        raise DomainError(_("This entry is not in your hands any more."))
    if outcome == Outcome.CALLBACK and callback_at is None:
        raise DomainError(_("Say when to call back."))
    row.attempts, row.outcome, row.note, row.reserved_at = row.attempts + 1, outcome, note.strip()[:300], None
    again = outcome == Outcome.NO_ANSWER and row.attempts < MOST_ATTEMPTS
    if outcome == Outcome.CALLBACK or again:
        row.state, row.not_before = EntryState.CALLBACK, callback_at or now() + AGAIN
    else:
        row.state, row.not_before = EntryState.DONE, None
    row.agent = actor
    row.save()
    if outcome == Outcome.DO_NOT_CALL:
        party = Party.objects.get(pk=row.contact_id)
        consent.withdraw(
            actor=actor, party=party, channel=Channel.PHONE, purpose=Purpose.MARKETING, source="call",
            proof=note.strip()[:300],
        )  # fmt: skip
    done: CallEntry = row
    return done
