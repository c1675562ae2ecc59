"""The house's own rules, held by reading: sizes, templates, doors to rows, and what the documents say."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.template import TemplateDoesNotExist, engines

ROOT = Path(__file__).resolve().parents[2]
MOST_FILE, MOST_FUNCTION, MOST_TEMPLATE, MOST_SCRIPT = 400, 40, 120, 120
LEFT_OUT = {".venv", "var", "node_modules", "staticfiles", "migrations", "vendor", ".git"}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
DOCUMENTS = sorted(path for path in ROOT.rglob("*.md") if not LEFT_OUT & set(path.relative_to(ROOT).parts))


@cache
def python_files() -> tuple[Path, ...]:
    return tuple(path for path in ROOT.rglob("*.py") if not LEFT_OUT & set(path.relative_to(ROOT).parts))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    return path.read_text().count("\n")


def test_no_file_is_longer_than_one_can_hold_in_mind():
    files = [*python_files(), *(ROOT / "static" / "js").rglob("*.js"), *(ROOT / "bin").iterdir()]
    assert {name(path): lines(path) for path in files if lines(path) > MOST_FILE} == {}
    scripts = (ROOT / "static" / "js" / "controllers").glob("*.js")
    assert {name(path): lines(path) for path in scripts if lines(path) > MOST_SCRIPT} == {}
    assert {name(path): lines(path) for path in TEMPLATES if lines(path) > MOST_TEMPLATE} == {}
    assert len(python_files()) > 200
    assert len(TEMPLATES) > 40


def test_no_function_is_longer_than_one_sees_at_a_time():
    long = {
        f"{name(path)}: {node.name}": node.end_lineno - node.lineno + 1
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= MOST_FUNCTION
    }
    assert long == {}


FORBIDDEN = {
    "an inline style": re.compile(r"""<[^>]*\sstyle\s*=\s*["']""", re.I),
    "an inline handler": re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.I),
    "a script without nonce": re.compile(r"<script(?![^>]*nonce=)", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "a javascript: address": re.compile(r"""=\s*["']\s*javascript:""", re.I),
    "an address of another host": re.compile(r"""(?:src|href|action|hx-get|hx-post)=["'](?:https?:)?//""", re.I),
    "a filter that lets HTML through": re.compile(r"\|\s*safe\b|autoescape off"),
    "an hx-on handler": re.compile(r"\shx-on[:-]", re.I),
}


@pytest.mark.parametrize("words", FORBIDDEN)
def test_no_template_has_what_the_policy_or_the_house_forbids(words):
    assert [name(path) for path in TEMPLATES if FORBIDDEN[words].search(path.read_text())] == []


SAMPLES = {
    "an inline style": '<p class="x" style="color:red">',
    "an inline handler": "<a onclick='go()'>",
    "a script without nonce": '<script src="x.js">',
    "a style element": "<style>p{}</style>",
    "a javascript: address": '<a href="javascript:go()">',
    "an address of another host": '<img src="//cdn.example/x.png">',
    "a filter that lets HTML through": "{{ body|safe }}",
    "an hx-on handler": '<div hx-on:click="go()">',
}


@pytest.mark.parametrize("words", FORBIDDEN)
def test_what_is_forbidden_would_be_found(words):
    assert FORBIDDEN[words].search(SAMPLES[words])
    assert not FORBIDDEN[words].search('<script src="x" nonce="{{ n }}"></script><p data-style="a" hx-get="/x/">')


def referred() -> set[str]:
    """Return every template that is named by a template or by Python."""
    texts = [path.read_text() for path in [*TEMPLATES, *python_files()]]
    return {
        found.partition("#")[0] for text in texts for found in re.findall(r"""["']([\w/]+\.html(?:#\w+)?)["']""", text)
    }


def test_every_template_compiles_and_finds_what_it_includes():
    engine = engines["django"]
    for path in TEMPLATES:
        engine.get_template(path.relative_to(ROOT / "templates").as_posix())
    missing = []
    for path in TEMPLATES:
        for other in re.findall(r"""\{% (?:include|extends) "([^"]+)\"""", path.read_text()):
            try:
                engine.get_template(other)
            except TemplateDoesNotExist:
                missing.append(f"{name(path)} → {other}")
    assert missing == []


def test_every_component_is_used():
    parts = {f"components/{path.name}" for path in (ROOT / "templates" / "components").glob("*.html")}
    assert parts - referred() == set()


OPEN_ROWS = {
    # (file, what is asked for): why nobody has to ask whether the person may see the row
    ("contacts/views/records.py", "Party.objects.get(pk=obj.pk)"): "a copy of a row that came through editable_by",
    ("crm/ui/views/people.py", "User.objects.get(pk=obj.pk)"): "a copy of a row of a page for who may edit settings",
    ("crm/ui/views/people.py", "get_object_or_404(User, "): "people are settings; the page asks for settings.edit",
    ("crm/ui/views/people.py", "get_object_or_404(Role, "): "roles are settings; the page asks for settings.edit",
    ("sales/views/board.py", "get_object_or_404(Stage, "): "stages are the same for everybody; cards are asked for",
    ("campaigns/views/work.py", "get_object_or_404(rows, "): "entries this agent has in hand: filter(agent=…)",
    ("contactcentre/views/verbs.py", "get_object_or_404(CallEntry.objects."): "entries this agent has in hand: agent=…",
}
DOORS = ("visible_to(", "editable_by(", "self.queryset(request)")


def views() -> list[Path]:
    return [path for path in python_files() if "views" in path.parts or path.name == "views.py"]


def asked(path: Path) -> list[str]:
    """Return every call in a view that fetches one row: `get_object_or_404(…)` and `….objects.get(…)`."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    found = []
    for call in calls:
        words = ast.unparse(call)
        fetches = (
            isinstance(call.func, ast.Attribute) and call.func.attr == "get" and ".objects" in ast.unparse(call.func)
        )
        if fetches or ast.unparse(call.func) == "get_object_or_404":
            found.append(words)
    return found


def test_a_view_gets_a_row_only_through_the_door():
    used, strange = set(), []
    for path in views():
        for words in asked(path):
            if any(door in words for door in DOORS):
                continue
            known = next((key for key in OPEN_ROWS if key[0] == name(path) and words.startswith(key[1])), None)
            used.add(known)
            strange += [] if known else [f"{name(path)}: {words}"]
    assert strange == []
    assert set(OPEN_ROWS) - used == set(), "these are not needed any more"
    assert len(views()) > 10


def test_every_setting_is_in_the_readme_with_its_default():
    example = re.findall(r"^#([A-Z][A-Z0-9_]*)=(.*)$", (ROOT / ".env.example").read_text(), re.M)
    table = re.findall(r"^\| `([A-Z][A-Z0-9_]*)` \| (?:`([^`]*)`|–) \| \S", (ROOT / "README.md").read_text(), re.M)
    assert table == example


LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# Taken of the running product before a release; until then the folder is not there.
PICTURES = re.compile(r"^docs/screenshots/(?!.*\.\.)" if not (ROOT / "docs" / "screenshots").exists() else r"^$")
FENCE = re.compile(r"^```.*?^```", re.M | re.S)


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as they are made of their words."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text()), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_link_of_a_document_leads_somewhere():
    broken = []
    for path in DOCUMENTS:
        for link in LINK.findall(FENCE.sub("", path.read_text())):
            if "://" in link or link.startswith("mailto:") or PICTURES.match(link):
                continue
            target, _, anchor = link.partition("#")
            found = (path.parent / target).resolve() if target else path
            if not found.exists() or (anchor and anchor not in anchors(found)):
                broken.append(f"{name(path)} → {link}")
    assert broken == []


def test_every_path_that_a_document_names_exists():
    """Documents name files and folders in `code`: what was renamed is noticed."""
    roots = {entry.name for entry in ROOT.iterdir()} - {".venv", "var", "staticfiles"}
    gone = []
    for path in DOCUMENTS:
        for words in re.findall(r"`([\w.\-]+/[\w./\-]*)`", path.read_text()):
            if words.partition("/")[0] in roots and not list(ROOT.glob(words.rstrip("/"))):
                gone.append(f"{name(path)}: {words}")
    assert gone == []


def models() -> dict[str, Any]:
    """Return our own models by name, without the twins that hold their history."""
    ours = {config.name for config in apps.get_app_configs() if (ROOT / config.name.replace(".", "/")).is_dir()}
    return {
        model.__name__: model
        for model in apps.get_models()
        if model._meta.app_config.name in ours and not hasattr(model, "pgh_tracked_model")
    }


def test_the_data_model_is_that_of_the_code():
    text = (ROOT / "docs" / "data-model.md").read_text()
    assert {name for name in models() if f"`{name}`" not in text} == set()
    tracked = {name for name, model in models().items() if hasattr(model, "pgh_event_model") and not model._meta.proxy}
    assert set(re.findall(r"`(\w+)` ◷", text)) == tracked
    for owner, body in re.findall(r"^    (\w+) \{\n(.*?)^    \}", text, re.M | re.S):
        fields = {field.name for field in models()[owner]._meta.fields}
        assert set(re.findall(r"^        \w+ (\w+)", body, re.M)) <= fields, owner
    for one, other in re.findall(r"^    (\w+) [|}o]+--[|{o]+ (\w+)", text, re.M):
        pairs = ((models()[one], models()[other]), (models()[other], models()[one]))
        assert any(
            field.related_model is target
            for model, target in pairs
            for field in [*model._meta.fields, *model._meta.many_to_many]
        ), f"{one} – {other}"
