"""Segments and two campaigns of the demo company, ready to be started."""

from campaigns.models import Campaign
from campaigns.services import segmenting, sending
from crm.demo.company import Company

# Value looks ahead: of those who are likely to leave, none is among the dearest fifth.
RESTLESS = [("contacts.value_percentile", "top", "60"), ("contacts.churn_risk", "gt", "20")]
SILENT = [("sales.order_count", "gte", "10"), ("sales.last_order", "before", "45")]
MAIL = """Dear {first_name},

we have not seen you for a while. Until the end of the month there are ten per cent off whatever you put into your
basket in {contacts.city|your store}.

Your store team"""
SCRIPT = """Say who you are and that the call takes two minutes.
Ask what was missing at the last visit.
Offer free delivery for the next four weeks.
Whoever wants it: open an opportunity. Whoever does not want to be called again: say so in the wrap-up."""


def play(company: Company) -> None:
    """Make two segments, a mail campaign and a call list."""
    maya = company.staff["maya"]
    restless = segmenting.save(actor=maya, name="Worth keeping", rule=_rule(RESTLESS))
    silent = segmenting.save(actor=maya, name="Regulars gone silent", rule=_rule(SILENT))
    mail = Campaign.objects.create(
        name="We miss you", kind="email", segment=silent, owner=maya, subject="{first_name}, we miss you", body=MAIL
    )
    sending.check_text(mail)
    Campaign.objects.create(
        name="Ask what was missing", kind="call", mode="progressive", segment=restless, owner=maya, script=SCRIPT
    )


def _rule(terms: list[tuple[str, str, str]]) -> dict[str, object]:
    return {"match": "all", "terms": [{"attribute": key, "op": op, "value": value} for key, op, value in terms]}
