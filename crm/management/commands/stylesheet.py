"""Join the sheets that static/css/app.css imports into the one file pages load."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

FOLDER = Path(settings.BASE_DIR) / "static" / "css"
IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\)(?: layer\((?P<layer>\w+)\))?;')
LAYERS = "@layer vendor, tokens, base, components;"


def joined() -> str:
    """Return the text of static/css/rapport.css: imports in their order, each inside its layer."""
    parts = [LAYERS]
    for found in IMPORT.finditer((FOLDER / "app.css").read_text()):
        text = (FOLDER / found["path"]).read_text().replace('@charset "UTF-8";', "").strip()
        parts.append(f"@layer {found['layer']} {{\n{text}\n}}" if found["layer"] else text)
    return (
        "/* Made by `bin/manage stylesheet` from app.css: change the parts, not this file. */\n"
        + "\n".join(parts)
        + "\n"
    )


class Command(BaseCommand):
    """Seventy requests for small sheets become one."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        (FOLDER / "rapport.css").write_text(joined())
        self.stdout.write(f"static/css/rapport.css: {len(joined()) // 1024} kB")
