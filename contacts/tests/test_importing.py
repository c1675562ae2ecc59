"""Files into customers: good ones, bad ones, interrupted ones."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.models import Import, Party, Phone
from contacts.services import importing
from crm.jobs import services as jobs
from crm.lib.errors import DomainError

GOOD = (
    "Vorname;Nachname;E-Mail;Telefon;Ort\nÅsa;Öberg;asa@example.org;212 555 0111;Malmö\nBo;;bo@;;\n;;x@example.org;;\n"
)


def upload(actor, text, *, encoding="utf-8", name="people.csv"):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return importing.upload(actor=actor, kind="contacts", file=SimpleUploadedFile(name, data))


def take_in(actor, batch, **options):
    importing.choose_columns(batch, actor=actor, mapping=batch.mapping, policy=options.get("policy", "fill"))
    job = importing.start(batch, actor=actor)
    jobs.run(job.pk)
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_common_encoding_and_delimiter(alice, encoding):
    batch = take_in(alice, upload(alice, GOOD, encoding=encoding))
    assert (batch.created, batch.refused) == (1, 2)
    assert Party.objects.get(last_name="Öberg").addresses.get().city == "Malmö"
    assert [row.reason for row in batch.refusals.order_by("line")] == ["“bo@” is not an e-mail address.", "No name."]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "not text"),
        (b"1,2,3\n4,5,6\n", "no column names"),
        (b"name,email\n", "no row below"),
        (b"name,email\n" + b"x" * 3_000_000 + b",a@example.org\n", "more than"),
        (b"name,name\na,b\n", "twice"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(client, login, alice, data, sentence):
    login(client, alice)
    answer = client.post(reverse("contacts:import"), {"kind": "contacts", "file": SimpleUploadedFile("x.csv", data)})
    assert answer.status_code in {422, 303}
    page = answer if answer.status_code == 422 else client.get(answer["Location"])
    assert sentence in page.content.decode()
    assert not Import.objects.exists()


def test_the_same_file_twice_changes_nothing(alice):
    take_in(alice, upload(alice, GOOD))
    again = take_in(alice, upload(alice, GOOD))
    assert (again.created, again.updated) == (0, 1)
    assert Party.objects.count() == 1
    assert Phone.objects.count() == 1


def test_a_column_can_only_be_used_once_and_starts_once(alice):
    batch = upload(alice, GOOD)
    with pytest.raises(DomainError, match="two columns"):
        importing.choose_columns(batch, actor=alice, mapping={"a": "email", "b": "email"}, policy="fill")
    take_in(alice, batch)
    with pytest.raises(DomainError, match="begun already"):
        importing.start(batch, actor=alice)


def test_the_path_in_the_browser(client, login, alice):
    login(client, alice)
    file = SimpleUploadedFile("people.csv", GOOD.encode())
    answer = client.post(reverse("contacts:import"), {"kind": "contacts", "file": file})
    batch = Import.objects.get()
    assert answer["Location"] == batch.get_absolute_url()
    assert client.get(batch.get_absolute_url()).status_code == 200
    data = {f"column-{index}": key for index, key in enumerate(batch.mapping.values())}
    answer = client.post(batch.get_absolute_url(), {**data, "policy": "fill"})
    assert answer.status_code == 303, answer.content.decode()[:2000]
    batch.refresh_from_db()
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "not an e-mail address" in page
    assert not Party.objects.exists(), "a preview writes nothing"
    client.post(batch.get_absolute_url())
    batch.refresh_from_db()
    jobs.run(batch.job_id)
    batch.refresh_from_db()
    assert client.get(batch.get_absolute_url()).status_code == 200
    refused = b"".join(client.get(reverse("contacts:import_refused", args=[batch.pk])).streaming_content).decode()
    assert "No name." in refused


def test_an_import_goes_on_where_it_was_interrupted(alice, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    lines = "".join(f"Number {n},n{n}@example.org\n" for n in range(7))
    batch = upload(alice, "name,email\n" + lines)
    importing.choose_columns(batch, actor=alice, mapping=batch.mapping, policy="fill")
    job = importing.start(batch, actor=alice)
    calls = []
    kind = importing.kinds()["contacts"]

    def fails_once(batch, plan, apply=kind.apply):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        apply(batch, plan)

    monkeypatch.setitem(importing._kinds, "contacts", importing.ImportKind(
        kind.key, kind.label, kind.fields, kind.plan, fails_once, read=kind.read))  # fmt: skip
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    assert Party.objects.count() == 2
    jobs.run(job.pk)
    assert Party.objects.count() == 7
    batch.refresh_from_db()
    assert (batch.state, batch.created) == ("done", 7)
