"""Idempotency keys: an unsafe request that is sent again, even at the same time, is done once and answered alike."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, FieldError
from portal.integrations.models import IdempotentRequest
from tenants.encryption import UndecryptableSecret, decrypt_text, encrypt_text

MAX_KEY_LENGTH = 200
# How long a request waits for another one with its key, in milliseconds.
SAME_REQUEST_TIMEOUT = 5000
ANSWER_CLEARED = "The request was done, but its answer was erased with a client’s data. Read the object again."
ANSWER_UNREADABLE = "The request was done, but its answer can’t be read any more. Read the object again."
KEPT_HEADERS = ("Location", "ETag")


def run_once(request: Request, run: Callable[[], Response], *, owner: str, now: datetime) -> Response:
    """Run an unsafe request, or repeat the answer that one with the same key and body got. Raises ApiProblem.

    What is done and the record of its answer are one transaction: while it lasts, another request with the key waits
    for it at the unique constraint. What was refused has done nothing and isn't recorded, so it may be tried again.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return run()
    if len(key) > MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[_INVALID_KEY])
    record = IdempotentRequest(
        owner=owner, key_digest=_digest(key), request_digest=_digest_request(request), created_at=now
    )
    try:
        with transaction.atomic():
            _insert_or_wait(record)
            response = run()
            _save_response(record, response)
            return response
    except _AlreadyDone:
        return _repeat_response(record)


_INVALID_KEY = FieldError("Idempotency-Key", "invalid", f"At most {MAX_KEY_LENGTH} printable ASCII characters.")


class _AlreadyDone(Exception):
    """Another request with this key was done."""


def _insert_or_wait(record: IdempotentRequest) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(SAME_REQUEST_TIMEOUT)])
        with transaction.atomic():
            record.save(force_insert=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except IntegrityError as error:
        raise _AlreadyDone from error
    except OperationalError as error:
        raise ApiProblem(ErrorCode.IN_PROGRESS, headers={"Retry-After": "1"}) from error


def _save_response(record: IdempotentRequest, response: Response) -> None:
    """Record what was answered; encrypted, since some answers have a secret that is shown once."""
    body = JSONRenderer().render(response.data).decode() if response.data is not None else ""
    record.status, record.body = response.status_code, encrypt_text(body) if body else ""
    record.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    record.save(update_fields=["status", "body", "headers"])


def _repeat_response(record: IdempotentRequest) -> Response:
    done = IdempotentRequest.objects.filter(owner=record.owner, key_digest=record.key_digest).first()
    if done is None:
        raise ApiProblem(ErrorCode.IN_PROGRESS, headers={"Retry-After": "1"})
    if bytes(done.request_digest) != record.request_digest:
        raise ApiProblem(ErrorCode.IDEMPOTENCY_KEY_REUSED)
    if done.is_cleared:
        raise ApiProblem(ErrorCode.CONFLICT, detail=ANSWER_CLEARED)
    headers = {"Idempotency-Replayed": "true", **done.headers}
    return Response(_load_body(done), status=done.status, headers=headers)


def _load_body(done: IdempotentRequest) -> Any:
    """Return the body that was answered. Raises ApiProblem if the key that encrypted it is gone."""
    try:
        return json.loads(decrypt_text(done.body)) if done.body else None
    except UndecryptableSecret as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=ANSWER_UNREADABLE) from error


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _digest_request(request: Request) -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\0".encode())
    for part in _iter_body(request):
        digest.update(part)
    return digest.digest()


def _iter_body(request: Request) -> Iterator[bytes]:
    """Yield the body; of a form only its files, since what stands between them is new at every attempt."""
    if not str(request.content_type).startswith("multipart/"):
        yield request.body
        return
    for name, file in sorted(request.FILES.items()):
        yield f"{name} {file.name} {file.size}\0".encode()
        yield from file.chunks()
        file.seek(0)
