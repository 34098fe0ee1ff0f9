"""Email through a plain SMTP server."""

import smtplib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from tenants.mail_attachments import MailAttachment
from tenants.senders import get_mail_sender
from workers.providers.base import ACCEPTED, OutgoingMessage, SendError, SendResult, SendStatus, catch_build_errors
from workers.providers.http_client import build_tls_context


class SmtpProvider:
    """Sends mail through the server that SMTP_URL names.

    smtps:// uses TLS from the start. smtp:// uses STARTTLS and sends nothing to another machine that doesn't offer
    it, since an attacker in between could have removed the offer. smtp+plain:// continues without TLS.
    """

    name = "smtp"

    def send(self, outgoing: OutgoingMessage) -> SendResult:
        """Send a mail. Until its last line is sent, nobody can have received it."""
        with catch_build_errors():
            mail = _build_mail(outgoing).as_bytes()
        server = _connect_to_smtp_server()
        try:
            _send_envelope(server, outgoing)
            return _send_data(server, mail)
        finally:
            server.close()


def _connect_to_smtp_server() -> smtplib.SMTP:
    """Return a connected server, with TLS and logged in as SMTP_URL says."""
    url = urlsplit(settings.SMTP_URL)
    try:
        server = _open_smtp_connection(url)
        server.ehlo_or_helo_if_needed()
        if url.scheme != "smtps":
            _upgrade_to_tls(server, url)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except smtplib.SMTPAuthenticationError:
        raise SendError(SendStatus.RETRYABLE, "credentials") from None
    except (OSError, smtplib.SMTPException):
        raise SendError(SendStatus.RETRYABLE, "unreachable") from None
    return server


def _open_smtp_connection(url: SplitResult) -> smtplib.SMTP:
    connect, read = settings.PROVIDER_CONNECT_TIMEOUT.total_seconds(), settings.PROVIDER_READ_TIMEOUT.total_seconds()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(url.hostname or "", url.port or 465, timeout=connect, context=build_tls_context())
    else:
        server = smtplib.SMTP(url.hostname or "", url.port or 587, timeout=connect)
    if server.sock:
        server.sock.settimeout(read)
    return server


def _upgrade_to_tls(server: smtplib.SMTP, url: SplitResult) -> None:
    """Start TLS; without it continue only on this machine or where SMTP_URL allows it."""
    if server.has_extn("starttls"):
        server.starttls(context=build_tls_context())
    elif url.scheme != "smtp+plain" and not _is_this_machine(url.hostname or ""):
        server.close()
        raise SendError(SendStatus.RETRYABLE, "no-tls")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _send_envelope(server: smtplib.SMTP, outgoing: OutgoingMessage) -> None:
    """Send the envelope: sender and recipient. Raises SendError: REFUSED on 5xx for the recipient, else RETRYABLE."""
    try:
        sender = get_mail_sender(outgoing.sender)
        _check_smtp_reply(server.mail(sender), refused_reason="broken", status=SendStatus.RETRYABLE)
        _check_smtp_reply(server.rcpt(outgoing.to), refused_reason="mailbox-unknown", status=SendStatus.REFUSED)
    except (OSError, smtplib.SMTPException):
        raise SendError(SendStatus.RETRYABLE, "unreachable") from None


def _send_data(server: smtplib.SMTP, mail: bytes) -> SendResult:
    try:
        reply = server.data(mail)
    except smtplib.SMTPDataError as error:
        reply = error.smtp_code, b""
    except TimeoutError:
        raise SendError(SendStatus.UNKNOWN, "timeout") from None
    except (OSError, smtplib.SMTPException):
        raise SendError(SendStatus.UNKNOWN, "interrupted") from None
    _check_smtp_reply(reply, refused_reason="refused", status=SendStatus.REFUSED)
    return ACCEPTED


def _check_smtp_reply(reply: tuple[int, bytes], *, refused_reason: str, status: SendStatus) -> None:
    """Raise SendError unless the reply is 2xx. Its text is dropped, since it may quote the address."""
    code, _text = reply
    if code >= 500:
        raise SendError(status, refused_reason)
    if code >= 300:
        raise SendError(SendStatus.RETRYABLE, "busy")


def _build_mail(outgoing: OutgoingMessage) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)  # Ends lines in CRLF: many servers refuse anything else.
    mail["Subject"] = outgoing.subject
    sender = get_mail_sender(outgoing.sender)
    mail["From"] = Address(outgoing.from_name, addr_spec=sender)
    outgoing.to.encode("ascii")  # Raises where RCPT TO would.
    mail["To"] = Address(addr_spec=outgoing.to)
    mail["Date"] = format_datetime(localtime())
    # The same for every attempt, so that a mailbox can recognise a duplicate.
    mail["Message-ID"] = f"<{outgoing.delivery_id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(outgoing.text)
    if outgoing.html:
        mail.add_alternative(outgoing.html, subtype="html")
    for attachment in outgoing.attachments:
        _add_attachment(mail, attachment)
    return mail


def _add_attachment(mail: EmailMessage, attachment: MailAttachment) -> None:
    maintype, _slash, subtype = attachment.media_type.partition("/")
    parameters, filename = dict(attachment.parameters), attachment.filename
    mail.add_attachment(attachment.content, maintype=maintype, subtype=subtype, params=parameters, filename=filename)
