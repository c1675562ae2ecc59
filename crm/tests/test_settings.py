"""Settings are read from the environment, all of them listed, and a missing secret stops the start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def names_read() -> set[str]:
    text = (ROOT / "crm" / "settings.py").read_text()
    return set(re.findall(r'(?:env\.\w+|secret)\("([A-Z_]+)"', text))


def test_every_setting_is_listed_in_the_example():
    listed = set(re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert names_read() <= listed
    extra = {"PORT", "WEB_WORKERS", "WEB_THREADS", "CHROMIUM", "RAPPORT_PYTHON"}
    assert listed - names_read() == extra


def start(**values: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        key: value for key, value in os.environ.items() if key not in names_read() or key.endswith("_URL")
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
