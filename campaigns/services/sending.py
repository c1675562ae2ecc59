"""Send a mail campaign: to whom is fixed at the start, whether they may be written to is asked at each mail.

A mail is marked as being handed over before the server gets it, and as sent after. A worker that dies in between leaves
it in doubt: such mails are listed and never sent a second time by themselves. Everything else goes on after a restart.
"""

import smtplib
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.events import CampaignStarted, Unsubscribed
from campaigns.models import Campaign, Send
from campaigns.services import merging, segmenting
from campaigns.states import CampaignStatus, SendState
from contacts.models import Channel, Party, Purpose
from contacts.services import consent, timeline
from crm.events import publish
from crm.jobs import services as jobs
from crm.jobs.models import Job
from crm.lib import state
from crm.lib.channels import email
from crm.lib.clock import now
from crm.lib.copy import copy_rows
from crm.lib.errors import DomainError
from crm.lib.words import kept, spoken

JOB = "campaigns.send"
BATCH = 100
SALT = "campaigns.unsubscribe"


def check_text(campaign: Campaign) -> set[str]:
    """Return the merge fields used. Raises DomainError when the mail is not complete."""
    if not campaign.subject.strip() or not campaign.body.strip():
        raise DomainError(_("A mail needs a subject and a text."))
    return merging.check(campaign.subject) | merging.check(campaign.body)


@transaction.atomic
def start(campaign: Campaign, *, actor: Any) -> Job:
    """Fix who gets it, and let a worker send. Raises StaleState when it was started before."""
    check_text(campaign)
    rows = Campaign.objects.filter(pk=campaign.pk, kind="email")
    state.move(rows, old=CampaignStatus.DRAFT, new=CampaignStatus.RUNNING, started_at=now())
    campaign.refresh_from_db()
    people = segmenting.members(campaign.segment.rule).with_email().values_list("pk", "first_email")
    no_address = kept(gettext_lazy("No e-mail address"))
    found = list(people)  # before COPY begins: one connection does one thing at a time
    copy_rows(
        Send._meta.db_table,
        ["campaign_id", "contact_id", "address", "state", "reason"],
        (
            (campaign.pk, pk, address or "", *(("ready", "") if address else ("skipped", no_address)))
            for pk, address in found
        ),
    )
    title = _("Sending %(name)s") % {"name": campaign.name}
    campaign.job = jobs.start(
        JOB, title=title, owner=actor, payload={"campaign": campaign.pk}, url=campaign.get_absolute_url()
    )
    campaign.save(update_fields=["job"])
    publish(CampaignStarted(campaign_id=campaign.pk))
    return campaign.job


@transaction.atomic
def go_on(campaign: Campaign, *, actor: Any) -> Job:
    """Send the rest after a stop or a failure. Raises DomainError while it is being sent."""
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("job").get(pk=campaign.pk)
    if campaign.status != CampaignStatus.RUNNING or (campaign.job and campaign.job.is_live):
        raise DomainError(_("There is nothing to go on with."))
    title = _("Sending the rest of %(name)s") % {"name": campaign.name}
    campaign.job = jobs.start(
        JOB, title=title, owner=actor, payload={"campaign": campaign.pk}, url=campaign.get_absolute_url()
    )
    campaign.save(update_fields=["job"])
    return campaign.job


@jobs.handler(JOB, queue="mail")
def run(job: Job) -> None:
    """Send what is ready, batch by batch, until nothing is."""
    campaign = Campaign.objects.select_related("owner").get(pk=job.payload["campaign"])
    # Only one worker sends a campaign: what is still being handed over was left there by one that died.
    campaign.sends.filter(state=SendState.HANDING).update(
        state=SendState.IN_DOUBT, reason=_("The worker stopped while handing it over; it is not sent again")
    )
    total = campaign.sends.exclude(state=SendState.SKIPPED).count()
    used = check_text(campaign)
    while batch := list(campaign.sends.filter(state=SendState.READY).order_by("pk")[:BATCH]):
        _send_batch(campaign, batch, used)
        left = campaign.sends.filter(state=SendState.READY).count()
        jobs.progress(job, done=total - left, total=total, message=_("%(n)d to go") % {"n": left})
    Campaign.objects.filter(pk=campaign.pk).update(status=CampaignStatus.DONE, ended_at=now())
    sent = campaign.sends.filter(state=SendState.SENT).count()
    jobs.progress(job, done=total, total=total, message=_("%(n)s sent") % {"n": f"{sent:,}"})


def _send_batch(campaign: Campaign, batch: list[Send], used: set[str]) -> None:
    keys = [row.contact_id for row in batch]
    people = {party.pk: party for party in merging.with_values(Party.objects.filter(pk__in=keys), used)}
    through = email.connection()
    try:
        for row in batch:
            # Asked for each mail at its moment: a no that came while the batch was under way still counts.
            verdict = consent.may_contact(people[row.contact_id], Channel.EMAIL, Purpose.MARKETING)
            if not verdict.allowed:
                Send.objects.filter(pk=row.pk).update(state=SendState.SKIPPED, reason=verdict.reason)
                continue
            row.consent_id = verdict.consent_id
            _send_one(campaign, row, people[row.contact_id], through)
    finally:
        through.close()


def _send_one(campaign: Campaign, row: Send, party: Party, through: Any) -> None:
    claimed = Send.objects.filter(pk=row.pk, state=SendState.READY)
    if not claimed.update(state=SendState.HANDING, consent_id=row.consent_id):
        return
    try:
        _hand_over(campaign, row.address, party, through, unsubscribe_url(row))
    except smtplib.SMTPRecipientsRefused as error:
        Send.objects.filter(pk=row.pk).update(state=SendState.FAILED, reason=str(error)[:200])
        return
    except (smtplib.SMTPException, OSError):
        Send.objects.filter(pk=row.pk).update(state=SendState.READY)  # the server did not take it: later again
        raise
    with transaction.atomic():
        Send.objects.filter(pk=row.pk).update(state=SendState.SENT, sent_at=now())
        timeline.record(
            customer_id=party.customer_id, contact=party, kind="campaign-mail", channel="email", direction="out",
            summary=merging.fill(campaign.subject, party), source=row, actor=campaign.owner,
            url=campaign.get_absolute_url(), once=True,
        )  # fmt: skip


def _hand_over(campaign: Campaign, address: str, party: Party, through: Any, link: str) -> None:
    text = merging.fill(campaign.body, party)
    with translation.override(spoken(party.language)):
        words, stop = _("You get this because you said yes to our offers."), _("Unsubscribe")
    email.send(
        to=address,
        subject=merging.fill(campaign.subject, party),
        text=f"{text}\n\n--\n{words}\n{stop}: {link}",
        html=merging.as_html(text, f'{escape(words)} <a href="{escape(link)}">{escape(stop)}</a>'),
        headers={
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Message-ID": email.message_id(f"campaign-{campaign.pk}-{party.pk}"),
            "Precedence": "bulk",
        },
        through=through,
    )


def unsubscribe_url(row: Send) -> str:
    """Return the link that takes one person off, signed so that nobody takes off others."""
    token = signing.dumps(row.pk, salt=SALT)
    return settings.PUBLIC_URL + reverse("campaigns:unsubscribe", args=[token])


def send_of(token: str) -> Send | None:
    """Return the mail a link came with; None when the link is forged or the mail is gone."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    found: Send | None = Send.objects.select_related("contact", "campaign").filter(pk=key).first()
    return found


@transaction.atomic
def unsubscribe(row: Send) -> None:
    """Write the no into the ledger; twice is once."""
    if not Send.objects.filter(pk=row.pk, unsubscribed_at=None).update(unsubscribed_at=now()):
        return
    consent.withdraw(
        actor=None, party=row.contact, channel=Channel.EMAIL, purpose=Purpose.MARKETING, source="unsubscribe link",
        proof=f"campaign {row.campaign_id}",
    )  # fmt: skip
    publish(Unsubscribed(party_id=row.contact_id, campaign_id=row.campaign_id))


def send_test(campaign: Campaign, *, actor: Any) -> str:
    """Send one mail, filled for a member of the segment, to the person who asks; returns the address."""
    used = check_text(campaign)
    party = merging.with_values(segmenting.members(campaign.segment.rule), used).order_by("pk").first()
    if party is None:
        raise DomainError(_("Nobody is in the segment: there is no one to fill the mail for."))
    link = settings.PUBLIC_URL + reverse("campaigns:unsubscribe", args=["test"])
    through = email.connection()
    try:
        _hand_over(campaign, actor.email, party, through, link)
    except (smtplib.SMTPException, OSError) as error:
        raise DomainError(_("The mail server did not take it: %(why)s") % {"why": error}) from error
    finally:
        through.close()
    return str(actor.email)
