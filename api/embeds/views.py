"""The operations of the business API on a business's own websites."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.embeds.serializers import AllowedWebsitesSerializer
from api.protocol.entity_tags import check_if_match
from api.protocol.serializers import validate
from portal.embeds.models import AllowedWebsites
from portal.embeds.services import FIELDS, change_allowed_websites, load_allowed_websites, lock_allowed_websites
from portal.embeds.snippets import list_embed_snippets
from tenants.models import Business


class AllowedWebsitesView(BusinessApiView):
    """The websites that may use the portal."""

    permissions = {"GET": "portal.view", "PATCH": "portal.edit"}

    @extend_schema(operation_id="get_allowed_websites", responses=AllowedWebsitesSerializer)
    def get(self, request: Any) -> Response:
        """Return which websites may use the portal, and the HTML that shows its forms there."""
        return Response(_present(self.business, load_allowed_websites()))

    @transaction.atomic
    @extend_schema(
        operation_id="update_allowed_websites",
        request=AllowedWebsitesSerializer(partial=True),
        responses=AllowedWebsitesSerializer,
    )
    def patch(self, request: Any) -> Response:
        """Replace the lists that are given. It takes effect within a minute."""
        current = lock_allowed_websites(self.business)
        check_if_match(request, lambda: _present(self.business, current))
        values = {name: getattr(current, name) for name in FIELDS}
        values |= validate(AllowedWebsitesSerializer, request.data, partial=True)
        changed = change_allowed_websites(
            business=self.business, locked_websites=current, staff=self.staff, now=self.now, **values
        )
        return Response(_present(self.business, changed))


def _present(business: Business, websites: AllowedWebsites) -> dict[str, Any]:
    shown = {name: getattr(websites, name) for name in FIELDS}
    return AllowedWebsitesSerializer(shown | {"forms": list_embed_snippets(business)}).data
