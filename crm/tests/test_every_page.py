"""Every address as every role: who gets in, how many queries it takes, and no accessibility violation on it.

`pages.json` is the baseline: {address: {role: status, "queries": as the manager}}. A change is seen in review;
`REBASELINE=1 bin/test crm/tests/test_every_page.py` writes it anew.
"""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.tests import samples

BASELINE = Path(__file__).with_name("pages.json")
MOST_QUERIES = 12
ROLES = ("rep", "outsider", "agent", "supervisor", "manager", "admin")


@pytest.fixture
def cast(alice, bob, charlie, hanna, sam, dana, root):
    return SimpleNamespace(
        alice=alice, bob=bob, charlie=charlie, hanna=hanna, sam=sam, dana=dana, root=root,
        rep=alice, outsider=charlie, agent=hanna, supervisor=sam, manager=dana, admin=root,
    )  # fmt: skip


def walk(cast):
    """Return {name: path} of every address."""
    made = samples.arguments(cast)
    paths = {}
    for name, pattern in samples.addresses():
        if pattern.pattern.converters and name not in made:
            pytest.fail(f"{name} has no sample: add one to the room's tests/samples.py")
        paths[name] = reverse(name, args=made.get(name, []))
    return paths


def test_every_address_as_every_role(client, login, cast):
    seen = {}
    for name, path in sorted(walk(cast).items()):
        row = seen[name] = {}
        client.logout()
        row["nobody"] = client.get(path).status_code
        for role in ROLES:
            login(client, getattr(cast, role))
            client.get(path)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = client.get(path)
            row[role] = answer.status_code
            if role == "manager":
                row["queries"] = len(queries)
    if os.environ.get("REBASELINE"):
        BASELINE.write_text(json.dumps(seen, indent=1, sort_keys=True) + "\n")
    known = json.loads(BASELINE.read_text())
    strange = {
        name: {key: (known.get(name, {}).get(key), value) for key, value in row.items()
               if known.get(name, {}).get(key) != value}
        for name, row in seen.items() if row != known.get(name)
    }  # fmt: skip
    assert strange == {}, "address: {role: (baseline, now)}"
    assert set(known) == set(seen)
    assert not [name for name, row in seen.items() if max(v for k, v in row.items() if k != "queries") >= 500]
    assert not {name: row["queries"] for name, row in seen.items() if row["queries"] > MOST_QUERIES}


def test_an_outsider_finds_nothing_of_alices(client, login, cast):
    made = samples.arguments(cast)
    login(client, cast.charlie)
    for name, args in made.items():
        if name in {"accounts:person", "accounts:join"} or name in samples_open_to_all():
            continue
        assert client.get(reverse(name, args=args)).status_code in {403, 404, 405}, name


def samples_open_to_all():
    """Addresses whose record is everybody's: products, public pages."""
    return {
        "sales:product", "sales:lane", "sales:product_edit", "campaigns:unsubscribe", "campaigns:open", "service:form",
        "contactcentre:queue", "campaigns:segment", "campaigns:segment_edit", "contactcentre:pop",
    }  # fmt: skip


WIDE = """[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1
    && !e.closest(".scroll-x")).slice(0, 5).map(e => e.tagName + "." + e.className).join(" ")"""


@pytest.mark.browser
def test_no_accessibility_violation_on_any_page(page, live_server, cast, sign_in):
    from axe_playwright_python.sync_playwright import Axe

    paths = walk(cast)
    sign_in(page, live_server, cast.root)
    requests, axe, bad, opened = set(), Axe(), [], 0
    page.on("request", lambda request: requests.add(request.url.split("/")[2]) if "://" in request.url else None)
    for name, path in sorted(paths.items()):
        head = page.request.get(live_server.url + path)
        if head.status != 200 or "<html" not in head.text():
            continue
        opened += 1
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(live_server.url + path, wait_until="load")
            page.wait_for_timeout(150)
            for theme in ("light", "dark"):
                page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
                page.wait_for_timeout(60)
                found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
                bad += [
                    f"{name} {width} {theme}: {v['id']} {v['nodes'][0]['html'][:140]}"
                    for v in found.response["violations"]
                ]
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 1:
                bad.append(f"{name} {width}: the page is {wide} px wider than the screen: {page.evaluate(WIDE)}")
    assert not bad, "\n".join(bad)
    assert opened > 12
    assert requests == {live_server.url.split("/")[2]}, "a page asked another host"
