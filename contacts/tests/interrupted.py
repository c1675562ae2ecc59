"""An import whose worker is killed half-way; the orders use it too."""

from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.models import Import
from contacts.services import importing


def begin_import(actor, kind, text):
    batch = importing.upload(actor=actor, kind=kind, file=SimpleUploadedFile("f.csv", text.encode()))
    importing.choose_columns(batch, actor=actor, mapping=batch.mapping, policy="fill", proof="Form")
    importing.start(batch, actor=actor)
    return Import.objects.get(pk=batch.pk)


def kill_in_the_middle(background, batch):
    """Kill the worker between the first batch of rows and the last, start it again, and wait for the end."""
    background.wait_until(lambda: Import.objects.get(pk=batch.pk).seen, 30, "the first rows were in")
    with background.dead_worker():
        assert 0 < Import.objects.get(pk=batch.pk).seen < batch.total
    assert background.done(batch.job).attempts == 2
    batch.refresh_from_db()
    return batch


def figures(batch):
    assert batch.state == "done"
    refusals = list(batch.refusals.order_by("line").values_list("line", "reason"))
    return batch.seen, batch.created, batch.updated, batch.refused, refusals
