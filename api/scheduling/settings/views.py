"""The operations of the business API on the rules of booking."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.protocol.entity_tags import check_if_match
from api.protocol.problems import build_field_problem
from api.protocol.serializers import validate
from api.scheduling.settings.serializers import SchedulingSettingsSerializer
from portal.scheduling import services
from portal.scheduling.models import SchedulingSettings
from portal.scheduling.public_holidays import is_supported, list_subdivisions


class SchedulingSettingsView(BusinessApiView):
    """The rules of booking."""

    permissions = {"GET": "scheduling.view", "PATCH": "scheduling.edit"}

    @extend_schema(operation_id="get_scheduling_settings", responses=SchedulingSettingsSerializer)
    def get(self, request: Any) -> Response:
        """Return the rules of booking."""
        rules = SchedulingSettings.objects.first() or SchedulingSettings()
        return Response(SchedulingSettingsSerializer(rules).data)

    @transaction.atomic
    @extend_schema(
        operation_id="update_scheduling_settings",
        request=SchedulingSettingsSerializer(partial=True),
        responses=SchedulingSettingsSerializer,
    )
    def patch(self, request: Any) -> Response:
        """Change the rules that are given. Clients meet them within seconds; agreed appointments stay."""
        current = services.lock_scheduling_settings(self.business)
        check_if_match(request, lambda: SchedulingSettingsSerializer(current).data)
        values = validate(SchedulingSettingsSerializer, request.data, partial=True)
        _check_holidays({name: getattr(current, name) for name in ("holiday_country", "holiday_subdivision")} | values)
        changed = services.change_scheduling_settings(
            business=self.business, locked_settings=current, staff=self.staff, now=self.now, **values
        )
        return Response(SchedulingSettingsSerializer(changed).data)


def _check_holidays(values: dict[str, Any]) -> None:
    """Check that the public holidays of the country and its part are known. Raises ApiProblem."""
    country, subdivision = values["holiday_country"], values["holiday_subdivision"]
    if country and not is_supported(country):
        text = "The public holidays of this country are not known. Give two capital letters, such as GB."
        raise build_field_problem("holiday_country", "invalid_choice", text)
    if subdivision and subdivision not in dict(list_subdivisions(country)):
        raise build_field_problem("holiday_subdivision", "invalid_choice", "The country has no such part.")
