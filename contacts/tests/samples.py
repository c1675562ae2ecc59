"""A customer of alice's with everything on it, and an import."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.models import Score
from contacts.services import consent, directory, importing, timeline
from crm.lib.clock import now


def arguments(cast: SimpleNamespace) -> dict[str, list[Any]]:
    """Make them; later rooms find the customer as `cast.elin`."""
    alice = cast.alice
    elin = cast.elin = directory.create_contact(
        actor=alice, first_name="Elin", last_name="Sandström", phones=["+12125550100"], emails=["elin@example.org"]
    )
    directory.set_address(elin, actor=alice, line1="1 Main St", city="Boston", country="US")
    directory.set_tags(elin, actor=alice, names=["vip"])
    timeline.add_note(actor=alice, party=elin, body="Likes to be called in the morning.")
    task = timeline.add_task(actor=alice, party=elin, subject="Ring again", due_at=now() + timedelta(days=1))
    consent.grant(actor=alice, party=elin, channel="email", purpose="marketing", proof="Form")
    for kind, value in (("lifetime_value", 320.0), ("churn", 0.71)):
        Score.objects.create(
            customer=elin, kind=kind, value=value, percentile=0.9, as_of=now(), scored_at=now(),
            reasons=[{"say": "Customer for %(days)d days", "with": {"days": 80}, "effect": 21.0}],
        )  # fmt: skip
    steps = {}
    for step in ("uploaded", "mapped", "running"):
        batch = importing.upload(actor=alice, kind="contacts", file=SimpleUploadedFile("p.csv", b"name\nAda B\n"))
        if step != "uploaded":
            importing.choose_columns(batch, actor=alice, mapping=batch.mapping, policy="fill")
        if step == "running":
            cast.job = importing.start(batch, actor=alice)
        steps[step] = batch.pk
    party = [elin.pk]
    names = ("record", "edit", "feed", "note", "task", "tasks_panel", "consent", "ledger", "archive", "restore")
    return {
        **{f"contacts:{name}": party for name in names},
        "ui:history": ["contacts.party", elin.pk],
        "contacts:task_done": [task.pk],
        "contacts:task_reopen": [task.pk],
        "contacts:import_columns": [steps["uploaded"]],
        "contacts:import_check": [steps["mapped"]],
        "contacts:import_report": [steps["running"]],
        "contacts:import_refused": [steps["running"]],
        "jobs:progress": [cast.job.pk],
        "jobs:stop": [cast.job.pk],
    }
