"""Creates packages and sessions, to try the API on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from portal.clients.models import Client
from portal.scheduling.models import ClientPackage, PackageSession, Service, SessionPackage, SessionState


def create_package(number: int = 0, **fields: Any) -> SessionPackage:
    """Create a package of five sessions of a service of its own."""
    now = timezone.now()
    package = SessionPackage.objects.create(
        **{"name": f"Package {number}", "sessions": 5, "price_currency": "GBP", "created_at": now} | fields
    )
    package.services.add(
        Service.objects.create(name=f"Massage {number}", duration=60, price_currency="GBP", created_at=now)
    )
    return package


def give_package(client: Client, now: datetime, **fields: Any) -> ClientPackage:
    """Give a client a package of its own."""
    package = create_package()
    values = {"name": package.name, "price_currency": "GBP", "sessions_total": 500, "given_at": now} | fields
    given = ClientPackage.objects.create(client=client, package=package, **values)
    given.services.set(package.services.all())
    return given


def create_session(given: ClientPackage, now: datetime) -> PackageSession:
    """Take a session of a client's package."""
    ClientPackage.objects.filter(pk=given.pk).update(sessions_used=F("sessions_used") + 1)
    values = {"state": SessionState.USED, "created_at": now, "updated_at": now}
    return PackageSession.objects.create(client_package=given, client_id=given.client_id, **values)


def take_session(ids: dict[str, str], number: int) -> PackageSession:
    """Take a session of the client's package of the paths."""
    return create_session(ClientPackage.objects.get(pk=ids["client_package_id"]), timezone.now())


# By the parameter of the path.
PACKAGE_OBJECTS: dict[str, Callable[[Client, datetime], UUID | str]] = {
    "package_id": lambda client, now: create_package().pk,
    "client_package_id": lambda client, now: give_package(client, now).pk,
    "package_session_id": lambda client, now: create_session(ClientPackage.objects.get(), now).pk,
}
