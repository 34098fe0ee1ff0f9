"""How does a plain mail server take a mail?"""

import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from workers.providers.base import ACCEPTED, OutgoingMessage, SendError, SendResult, SendStatus, catch_build_errors
from workers.providers.http_client import tls_context


class SmtpProvider:
    """Mail through the server that SMTP_URL names.

    smtps:// is TLS throughout. smtp:// begins it with STARTTLS, and sends nothing to another machine that doesn't
    offer it: whoever sits between could have taken the offer out. smtp+plain:// goes on without.
    """

    name = "smtp"

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Hand a mail over. Until its last line has left, nobody can have received it."""
        with catch_build_errors():
            mail = _mail(outgoing).as_bytes()
        server = _connect()
        try:
            _begin(server, outgoing.to)
            return _finish(server, mail)
        finally:
            server.close()


def _connect() -> smtplib.SMTP:
    """Return a server that has greeted us, over TLS and logged in where SMTP_URL says so."""
    url = urlsplit(settings.SMTP_URL)
    try:
        server = _dial(url)
        server.ehlo_or_helo_if_needed()
        if url.scheme != "smtps":
            _begin_tls(server, url)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except smtplib.SMTPAuthenticationError:
        raise SendError(SendStatus.RETRYABLE, "credentials") from None
    except (OSError, smtplib.SMTPException):
        raise SendError(SendStatus.RETRYABLE, "unreachable") from None
    return server


def _dial(url: SplitResult) -> smtplib.SMTP:
    connect, read = settings.PROVIDER_CONNECT_TIMEOUT.total_seconds(), settings.PROVIDER_READ_TIMEOUT.total_seconds()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(url.hostname or "", url.port or 465, timeout=connect, context=tls_context())
    else:
        server = smtplib.SMTP(url.hostname or "", url.port or 587, timeout=connect)
    if server.sock:
        server.sock.settimeout(read)
    return server


def _begin_tls(server: smtplib.SMTP, url: SplitResult) -> None:
    """Go on in TLS, or in the clear where nobody could listen or SMTP_URL says that nobody does."""
    if server.has_extn("starttls"):
        server.starttls(context=tls_context())
    elif url.scheme != "smtp+plain" and not _is_this_machine(url.hostname or ""):
        server.close()
        raise SendError(SendStatus.RETRYABLE, "no-tls")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _begin(server: smtplib.SMTP, to: str) -> None:
    """Name sender and recipient. Raises SendError: refused for good on 5xx, busy on anything else."""
    try:
        _expect(server.mail(settings.MAIL_FROM), refused="broken", verdict=SendStatus.RETRYABLE)
        _expect(server.rcpt(to), refused="mailbox-unknown", verdict=SendStatus.REFUSED)
    except (OSError, smtplib.SMTPException):
        raise SendError(SendStatus.RETRYABLE, "unreachable") from None


def _finish(server: smtplib.SMTP, mail: bytes) -> SendResult:
    try:
        status = server.data(mail)
    except smtplib.SMTPDataError as error:
        status = error.smtp_code, b""
    except TimeoutError:
        raise SendError(SendStatus.UNKNOWN, "timeout") from None
    except (OSError, smtplib.SMTPException):
        raise SendError(SendStatus.UNKNOWN, "interrupted") from None
    _expect(status, refused="refused", verdict=SendStatus.REFUSED)
    return ACCEPTED


def _expect(answer: tuple[int, bytes], *, refused: str, verdict: SendStatus) -> None:
    """Go on after 2xx. The server's words are dropped: they quote the address."""
    code, _words = answer
    if code >= 500:
        raise SendError(verdict, refused)
    if code >= 300:
        raise SendError(SendStatus.RETRYABLE, "busy")


def _mail(outgoing: OutgoingMessage) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)  # Its lines end in CRLF: many servers refuse any other.
    mail["Subject"] = outgoing.subject
    mail["From"] = Address(outgoing.from_name, addr_spec=settings.MAIL_FROM)
    outgoing.to.encode("ascii")  # Raises where RCPT TO would.
    mail["To"] = Address(addr_spec=outgoing.to)
    mail["Date"] = format_datetime(localtime())
    # The same for every attempt, so that a mailbox can tell a repeat.
    mail["Message-ID"] = f"<{outgoing.delivery_id}@{settings.MAIL_FROM.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(outgoing.text)
    if outgoing.html:
        mail.add_alternative(outgoing.html, subtype="html")
    return mail
