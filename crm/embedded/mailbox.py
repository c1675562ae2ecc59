"""Development mail: an SMTP server on loopback that keeps what it is given in `var/mail/` and sends nothing on."""

import asyncio
import os
import time
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.handlers import Message as MessageHandler
from aiosmtpd.smtp import SMTP

from crm.embedded.instance import PROJECT

KEEP = 200


class Folder(MessageHandler):
    """Writes each message into its own file; the oldest go when there are more than KEEP."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def handle_message(self, message: Message) -> None:
        """Keep one message, and say on the console to whom it went."""
        (self.folder / f"{time.time_ns()}.eml").write_bytes(message.as_bytes())
        print(f"to {message['To']}: {message['Subject']}", flush=True)
        for old in sorted(self.folder.glob("*.eml"))[:-KEEP]:
            old.unlink(missing_ok=True)


async def serve(port: int, handler: Any) -> None:
    """Accept mail on 127.0.0.1 until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, enable_SMTPUTF8=True), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(os.environ.get("EMAIL_PORT", "2525")), Folder(PROJECT / "var" / "mail")))
