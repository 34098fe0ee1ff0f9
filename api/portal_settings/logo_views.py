"""The operations of the business API on the logo of the portal."""

from typing import IO, Any

from django.db import transaction
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.portal_settings.serializers import PortalSettingsSerializer
from api.portal_settings.views import present_portal_settings
from api.protocol.entity_tags import check_if_match
from api.protocol.problems import build_field_problem
from portal.branding.logos import InvalidLogo
from portal.branding.portal_settings_changes import lock_portal_settings, set_logo
from portal.branding.services import get_portal_settings
from tenants.limits import LOGO_BYTES


class ImageParser(BaseParser):
    """Reads a picture as bytes."""

    media_type = "image/*"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> bytes:
        """Return the picture."""
        return stream.read()


class LogoView(BusinessApiView):
    """The logo of the portal."""

    permissions = {"PUT": "portal.edit", "DELETE": "portal.edit"}
    parser_classes = (ImageParser,)
    max_body_bytes = LOGO_BYTES

    @transaction.atomic
    @extend_schema(
        operation_id="set_logo",
        request={"image/*": OpenApiTypes.BINARY},
        responses=PortalSettingsSerializer,
    )
    def put(self, request: Any) -> Response:
        """Show a picture as the logo: PNG, JPEG, WebP or GIF, as the body of the request, up to 2 MiB."""
        upload = request.data if isinstance(request.data, bytes) else b""
        locked = lock_portal_settings(self.business)
        check_if_match(request, lambda: present_portal_settings(self.business, locked))
        try:
            set_logo(business=self.business, upload=upload, locked_settings=locked, staff=self.staff, now=self.now)
        except InvalidLogo as error:
            raise build_field_problem("", "invalid_image", str(error)) from error
        return Response(present_portal_settings(self.business, get_portal_settings()))

    @extend_schema(operation_id="remove_logo", responses={204: None})
    def delete(self, request: Any) -> Response:
        """Remove the logo; the portal shows the business’s name."""
        set_logo(business=self.business, upload=None, staff=self.staff, now=self.now)
        return Response(status=204)
