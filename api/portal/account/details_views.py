"""The operations of the client API on the client who asks."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.account.serializers import OwnDetailsSerializer
from api.portal.views import PortalApiView
from api.protocol.entity_tags import check_if_match
from api.protocol.form_problems import check_form
from api.protocol.serializers import validate
from portal.account.forms import LocalePreferencesForm
from portal.branding.language_selection import list_available_languages
from portal.clients import services
from portal.clients.models import Client


class OwnDetailsView(PortalApiView):
    """The client who asks."""

    @extend_schema(operation_id="get_own_details", responses=OwnDetailsSerializer)
    def get(self, request: Any) -> Response:
        """Return who is signed in."""
        return Response(_present(self.client))

    @transaction.atomic
    @extend_schema(
        operation_id="update_own_details", request=OwnDetailsSerializer(partial=True), responses=OwnDetailsSerializer
    )
    def patch(self, request: Any) -> Response:
        """Change the language and the time zone in which the client reads the portal."""
        client = Client.objects.select_for_update(no_key=True).get(pk=self.client.pk)
        check_if_match(request, lambda: _present(client))
        values = {"language": client.language, "time_zone": client.time_zone}
        values |= validate(OwnDetailsSerializer, request.data, partial=True)
        form = LocalePreferencesForm(values, languages=list_available_languages(self.http_request))
        check_form(form)
        changed = services.change_client_details(client=client, now=self.now, **form.cleaned_data)
        return Response(_present(changed))


def _present(client: Client) -> dict[str, Any]:
    return dict(OwnDetailsSerializer(client).data)
