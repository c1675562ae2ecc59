"""Hand a mail to the SMTP server: plain text, optionally HTML beside it, headers of our own."""

from email.utils import make_msgid
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection


def message_id(key: str) -> str:
    """Return the Message-ID for a key: the same key is the same mail, so that a repeated hand-over is recognised."""
    return f"<{key}@{settings.PUBLIC_HOST}>"


def fresh_id() -> str:
    """Return a Message-ID that was never used."""
    return make_msgid(domain=settings.PUBLIC_HOST)


def connection() -> Any:
    """Return an open connection for a batch of mails; close it afterwards."""
    made = get_connection()
    made.open()
    return made


def send(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    from_address: str = "",
    headers: dict[str, str] | None = None,
    through: Any = None,
) -> None:
    """Send one mail. Raises smtplib.SMTPException or OSError when the server does not take it."""
    clean = " ".join(subject.split())
    mail = EmailMultiAlternatives(clean, text, from_address or settings.DEFAULT_FROM_EMAIL, [to], headers=headers or {})
    if html:
        mail.attach_alternative(html, "text/html")
    mail.connection = through
    mail.send()
