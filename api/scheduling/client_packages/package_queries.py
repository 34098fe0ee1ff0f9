"""Clients' packages and sessions as the API lists and shows them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from api.clients.client_references import present_client_reference
from api.scheduling.client_packages.serializers import ClientPackageSerializer, PackageSessionSerializer
from api.scheduling.fields import present_price
from api.scheduling.references import present_reference
from portal.scheduling.models import ClientPackage, PackageSession
from portal.ui.keyset_pagination import Keyset, parse_cursor_instant, parse_cursor_key

PACKAGE_ORDER = Keyset({"given_at": parse_cursor_instant, "pk": parse_cursor_key})
SESSION_ORDER = Keyset({"created_at": parse_cursor_instant, "pk": parse_cursor_key})
SUMS = ("sessions_total", "sessions_reserved", "sessions_used", "sessions_left")


def query_client_packages(query: Mapping[str, Any] | None = None) -> QuerySet[ClientPackage]:
    """Return clients' packages with all that is shown of them; those for which a validated query asks, if any."""
    found = ClientPackage.objects.exclude_demo().select_related("client").prefetch_related("services")
    return found.filter(client=query["client"]) if query and query["client"] else found


def get_client_package(client_package_id: UUID) -> ClientPackage:
    """Return a client's package. Raises Http404."""
    return get_object_or_404(query_client_packages(), pk=client_package_id)


def present_sums(package: ClientPackage) -> dict[str, Any]:
    """Return what clients, too, are shown of a package whose services were read."""
    return {
        name: getattr(package, name) for name in ("id", "name", "given_at", "withdrawn_at", "expires_on", *SUMS)
    } | {
        "services": [present_reference(service) for service in package.services.all()],
        "price": present_price(package.price_amount, package.price_currency),
    }


def present_client_package(package: ClientPackage) -> dict[str, Any]:
    """Return what the API shows of a client's package that was read with what belongs to it."""
    shown = present_sums(package) | {
        "client": present_client_reference(package.client),
        "package": package.package_id,
        "note": package.note,
    }
    return dict(ClientPackageSerializer(shown).data)


def present_session(session: PackageSession) -> dict[str, Any]:
    """Return what the API shows of a session."""
    names = ("id", "state", "reason", "created_at", "updated_at")
    shown = {name: getattr(session, name) for name in names} | {
        "client_package": session.client_package_id,
        "appointment": session.appointment_id,
    }
    return dict(PackageSessionSerializer(shown).data)
