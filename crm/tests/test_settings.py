"""Settings are read from the environment, all of them listed, and a missing secret stops the start."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


EXAMPLE = (ROOT / ".env.example").read_text()
# Read by tests or set by the commands themselves: nobody has to know them to run Rapport.
INSIDE = {
    "BENCH_FOLDER", "DJANGO_ALLOW_ASYNC_UNSAFE", "DJANGO_SETTINGS_MODULE", "OMP_NUM_THREADS", "PYTEST_XDIST_WORKER",
    "PYTHONDONTWRITEBYTECODE", "REBASELINE",
}  # fmt: skip


def listed() -> list[str]:
    return re.findall(r"^#([A-Z][A-Z0-9_]*)=", EXAMPLE, re.M)


def names_read() -> set[str]:
    text = (ROOT / "crm" / "settings.py").read_text()
    return set(re.findall(r'(?:env\.\w+|flag|number|secret)\("([A-Z_]+)"', text))


def names_read_by_commands() -> set[str]:
    python = [path for path in ROOT.rglob("*.py") if ".venv" not in path.parts and "tests" not in path.parts]
    found = {
        name
        for path in python
        for name in re.findall(r'environ(?:\.get|\.setdefault)?[(\[]"([A-Z_]+)"', path.read_text())
    }
    for path in (ROOT / "bin").iterdir():
        found |= set(re.findall(r"\$\{([A-Z_]+):-", path.read_text()))
    for name in ("docker-compose.yml", "Dockerfile"):
        found |= set(re.findall(r"\$\{([A-Z_]+)[:}]", (ROOT / name).read_text()))
    return found


def test_every_setting_is_listed_once():
    assert sorted(set(listed())) == sorted(listed())
    assert names_read() <= set(listed())
    assert names_read_by_commands() - INSIDE <= set(listed())


def test_nothing_is_listed_that_nobody_reads():
    assert set(listed()) - names_read() - names_read_by_commands() == set()


def test_the_example_states_the_defaults():
    text = (ROOT / "crm" / "settings.py").read_text()
    written = dict(re.findall(r'(?:env\.\w+|flag|number)\("([A-Z_]+)", default="?([^")]*)"?\)', text))
    stated = dict(re.findall(r"^#([A-Z][A-Z0-9_]*)=(.+)$", EXAMPLE, re.M))
    for name in stated.keys() & names_read():
        assert stated[name].lower().replace("_", "") == written[name].lower().replace("_", ""), name


def start(**values: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in names_read() or key in {"DATABASE_URL", "REDIS_URL"}
    } | {"RAPPORT_PRODUCTION": "true", "PUBLIC_URL": "https://crm.example.com", **values}
    command = [sys.executable, "-c", "import django; django.setup()"]
    environment["DJANGO_SETTINGS_MODULE"] = "crm.settings"
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


SECRETS = {
    "SECRET_KEY": "x" * 60,
    "METRICS_TOKEN": "m" * 30,
    "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
    "TWILIO_AUTH_TOKEN": "t" * 32,
}


@pytest.mark.parametrize("missing", SECRETS)
def test_a_missing_secret_stops_production_with_its_name(missing):
    ended = start(**{key: value for key, value in SECRETS.items() if key != missing})
    assert ended.returncode
    assert f"{missing} is not set" in ended.stderr


def test_production_starts_with_all_secrets_and_refuses_plain_http():
    assert start(**SECRETS).returncode == 0
    ended = start(**SECRETS, PUBLIC_URL="http://crm.example.com")
    assert "https://" in ended.stderr
    assert ended.returncode


def test_a_public_secret_is_none():
    ended = start(**{**SECRETS, "TWILIO_AUTH_TOKEN": "development-telephone-token"})
    assert "TWILIO_AUTH_TOKEN is the public development value" in ended.stderr


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"RAPPORT_PRODUCTION": "ture"}, "RAPPORT_PRODUCTION is “ture”; it has to be true or false."),
        ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT is “smtp”; it has to be a whole number."),
        ({"DEBUG": "true"}, "it is never on in production"),
        ({"RAPPORT_DEMO": "true"}, "set a DEMO_PASSWORD that is not the public one"),
        ({"SIMULATOR_URL": "http://127.0.0.1:9000"}, "SIMULATOR_URL is set in production"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
    ],
)
def test_what_makes_no_sense_or_is_dangerous_stops_the_start_with_a_sentence(values, sentence):
    ended = start(**{**SECRETS, **values})
    assert ended.returncode
    assert sentence in ended.stderr.splitlines()[-1]


@pytest.fixture
def checkout(tmp_path):
    """A folder with settings of its own, so that a .env can lie beside them."""
    folder = tmp_path / "crm"
    shutil.copytree(ROOT / "crm" / "embedded", folder / "embedded")
    shutil.copy(ROOT / "crm" / "settings.py", folder)
    (folder / "__init__.py").touch()
    shutil.copy(ROOT / ".env.example", tmp_path)
    return tmp_path


def ask(folder: Path, name: str) -> "subprocess.CompletedProcess[str]":
    bare = {key: value for key, value in os.environ.items() if key not in names_read()}
    command = [sys.executable, "-c", f"from crm import settings; print(settings.{name})"]
    return subprocess.run(command, cwd=folder, env=bare, capture_output=True, text=True)


def test_a_file_of_settings_is_read_and_an_unknown_name_in_it_is_refused(checkout):
    (checkout / ".env").write_text("DEFAULT_CURRENCY=EUR\n# a word\nPOSTGRES_PASSWORD=x\n")
    assert ask(checkout, "DEFAULT_CURRENCY").stdout.strip() == "EUR"
    (checkout / ".env").write_text("DEFAULT_CURENCY=EUR\n")
    assert ".env sets what nothing reads: DEFAULT_CURENCY." in ask(checkout, "DEFAULT_CURRENCY").stderr


def test_the_example_can_be_uncommented_as_a_whole(checkout):
    (checkout / ".env").write_text(re.sub(r"^#([A-Z])", r"\1", EXAMPLE, flags=re.M))
    assert ask(checkout, "EMAIL_PORT").stdout.strip() == "2525"
    assert ask(checkout, "ALLOWED_HOSTS").stdout.strip() == "['*']"
    assert ask(checkout, "MEDIA_ROOT").stdout.strip() == str(checkout / "var" / "media")
