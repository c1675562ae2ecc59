"""Fetch the vendored front-end files again through npm, and check their digests."""

import hashlib
import re
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

FOLDER = Path(settings.BASE_DIR) / "static" / "vendor"
SOURCE_MAP = re.compile(rb"(//# sourceMappingURL=[^\n]*|/\*# sourceMappingURL=.*?\*/)")


def entries() -> list[dict[str, str]]:
    """Return the manifest's files."""
    files: list[dict[str, str]] = tomllib.loads((FOLDER / "manifest.toml").read_text())["file"]
    return files


def digest(content: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def fetch(package: str, folder: Path) -> Path:
    """Download a package; returns its archive."""
    made = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, capture_output=True, text=True)
    if made.returncode:
        raise CommandError(f"npm could not fetch {package}: {made.stderr.strip()}")
    return folder / made.stdout.strip().splitlines()[-1]


class Command(BaseCommand):
    """Needs npm; the running product does not."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch, compare, write."""
        with tempfile.TemporaryDirectory() as name:
            for entry in entries():
                with tarfile.open(fetch(entry["package"], Path(name))) as archive:
                    member = archive.extractfile(f"package/{entry['source']}")
                    content = SOURCE_MAP.sub(b"", member.read()) if member else b""
                if digest(content) != entry["sha256"]:
                    raise CommandError(f"{entry['target']} differs from the manifest: {digest(content)}")
                (FOLDER / entry["target"]).write_bytes(content)
                self.stdout.write(f"{entry['target']} is as it should be")
