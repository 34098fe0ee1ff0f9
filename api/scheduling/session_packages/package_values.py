"""Packages to and from the API: what is shown of one, and what the values of a body change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from api.protocol.problems import build_field_problem
from api.scheduling.fields import present_price
from api.scheduling.references import NO_SERVICE, check_ids
from api.scheduling.session_packages.serializers import SessionPackageSerializer
from portal.scheduling.models import Service, SessionPackage

COLUMNS = ("id", "name", "sessions", "validity_days", "created_at", "archived_at")


def show_package(package_id: UUID) -> dict[str, Any]:
    """Return what the API shows of a package. Raises Http404."""
    return present_package(get_object_or_404(SessionPackage.objects.prefetch_related("services"), pk=package_id))


def present_package(package: SessionPackage) -> dict[str, Any]:
    """Return what the API shows of a package whose services were read."""
    shown = {name: getattr(package, name) for name in COLUMNS} | {
        "services": [service.pk for service in package.services.all()],
        "price": present_price(package.price_amount, package.price_currency),
    }
    return dict(SessionPackageSerializer(shown).data)


def build_package_values(values: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """Return what validated values set. Raises ApiProblem for an unknown service or a price in another currency."""
    columns = {name: value for name, value in values.items() if name not in ("price", "services")}
    if "services" in values:
        check_ids("services", Service, values["services"], NO_SERVICE)
        columns["service_ids"] = values["services"]
    if "price" in values:
        price = values["price"]
        if price and price.get("currency", currency) != currency:
            raise build_field_problem("price.currency", "invalid", f"The currency of the business is {currency}.")
        columns |= {"price_amount": price["amount"] if price else None, "price_currency": currency}
    return columns
