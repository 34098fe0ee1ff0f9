"""The operations of the business API on custom domains."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.custom_domains.serializers import CustomDomainSerializer
from api.protocol.empty_bodies import takes_no_body
from api.protocol.problems import build_field_problem
from api.protocol.serializers import validate
from portal.access.network_limits import check_business_rate_limit
from portal.domains import services
from portal.domains.custom_domain_status import build_status
from tenants import database_clock
from tenants.domains import custom_domains
from tenants.domains.custom_domains import CHECK_INTERVAL, InvalidDomain
from tenants.models import Business, CustomDomain
from tenants.sliding_windows import RateLimitExceeded


class CustomDomainListView(BusinessApiView):
    """The portal’s custom domains."""

    permissions = {"GET": "portal.view", "POST": "portal.edit"}

    @extend_schema(operation_id="list_custom_domains", responses=CustomDomainSerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the portal’s custom domains, the oldest first."""
        return Response({"items": [_present(each) for each in custom_domains.list_custom_domains(self.business)]})

    @extend_schema(
        operation_id="add_custom_domain", request=CustomDomainSerializer, responses={201: CustomDomainSerializer}
    )
    def post(self, request: Any) -> Response:
        """Add a domain. The portal is shown there once a check finds the TXT record and the domain points here."""
        domain = validate(CustomDomainSerializer, request.data)["domain"]
        try:
            added = services.add_domain(business=self.business, domain=domain, staff=self.staff, now=self.now)
        except InvalidDomain as error:
            raise build_field_problem("domain", "invalid_domain", str(error)) from error
        return Response(_present(added), status=201)


class CustomDomainView(BusinessApiView):
    """One custom domain."""

    permissions = {"GET": "portal.view", "DELETE": "portal.edit"}

    @extend_schema(operation_id="get_custom_domain", responses=CustomDomainSerializer)
    def get(self, request: Any, domain_id: UUID) -> Response:
        """Return a custom domain."""
        return Response(_present(_get_domain(self.business, domain_id)))

    @extend_schema(operation_id="release_custom_domain", responses={204: None})
    def delete(self, request: Any, domain_id: UUID) -> Response:
        """Release a domain: the portal is no longer shown there."""
        domain = _get_domain(self.business, domain_id)
        services.release_domain(custom_domain=domain, staff=self.staff, now=self.now)
        return Response(status=204)


class CustomDomainCheckView(BusinessApiView):
    """The checks of one custom domain."""

    # No transaction stays open while other people's name servers are asked.
    supports_idempotency_key = False
    permissions = {"POST": "portal.edit"}

    @extend_schema(operation_id="check_custom_domain", request=None, responses=CustomDomainSerializer)
    @takes_no_body
    def post(self, request: Any, domain_id: UUID) -> Response:
        """Check a domain’s DNS records and HTTPS now, which takes seconds; every ten seconds at most."""
        domain = _get_domain(self.business, domain_id)
        if not custom_domains.try_start_domain_check(custom_domain=domain, now=self.now):
            raise RateLimitExceeded(database_clock.now() + CHECK_INTERVAL)
        if retry_at := check_business_rate_limit("domain-check", "DOMAIN_CHECKS_PER_BUSINESS", self.business):
            raise RateLimitExceeded(retry_at)
        return Response(_present(services.verify_domain(custom_domain=domain, staff=self.staff, now=self.now)))


def _get_domain(business: Business, domain_id: UUID) -> CustomDomain:
    return get_object_or_404(custom_domains.list_custom_domains(business), pk=domain_id)


def _present(domain: CustomDomain) -> dict[str, Any]:
    status = build_status(domain)
    columns = ("id", "domain", "txt_name", "txt_value", "created_at", "checked_at", "verified_at", "live_at")
    return {name: getattr(domain, name) for name in columns} | {
        "url": status.portal_url,
        "state": status.state.name,
        "problem": str(status.problem.text) if status.problem else "",
        "target": settings.PLATFORM_HOST,
    }
