"""The operations of the business API on the notifications of whoever made the key."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.notifications.serializers import MarkedReadSerializer, NotificationListQuery, NotificationSerializer
from api.protocol.empty_bodies import takes_no_body
from api.protocol.pagination import build_page_body, get_api_page
from api.protocol.query_params import read_query
from portal.activity.queries import NEWEST_FIRST
from portal.messaging.models import Notification
from portal.messaging.notifications import services
from tenants import hostnames


class NotificationListView(BusinessApiView):
    """The notifications of whoever made the key."""

    permissions = {"GET": "home.view"}

    @extend_schema(
        operation_id="list_notifications",
        parameters=[NotificationListQuery],
        responses=NotificationSerializer(many=True),
    )
    def get(self, request: Any) -> Response:
        """List the notifications of whoever made the key, the newest first."""
        query = read_query(NotificationListQuery, request)
        page = get_api_page(services.list_notifications(self.membership.person_id), NEWEST_FIRST, query)
        slug = hostnames.get_current_slug(self.business)
        return Response(build_page_body(page, lambda notification: _present(notification, slug)))


class NotificationListReadStatusView(BusinessApiView):
    """Marks all notifications as read."""

    permissions = {"POST": "home.view"}

    @extend_schema(operation_id="mark_all_notifications_read", request=None, responses=MarkedReadSerializer)
    @takes_no_body
    def post(self, request: Any) -> Response:
        """Mark all notifications of whoever made the key as read. Their mails are then not sent."""
        own = services.list_notifications(self.membership.person_id)
        return Response({"count": services.mark_read(own, now=self.now)})


class NotificationReadStatusView(BusinessApiView):
    """Marks one notification as read."""

    permissions = {"POST": "home.view"}

    @extend_schema(operation_id="mark_notification_read", request=None, responses=NotificationSerializer)
    @takes_no_body
    def post(self, request: Any, notification_id: UUID) -> Response:
        """Mark a notification as read. Its mail is then not sent."""
        own = services.list_notifications(self.membership.person_id)
        services.mark_read(own.filter(pk=notification_id), now=self.now)
        notification = get_object_or_404(own, pk=notification_id)
        return Response(_present(notification, hostnames.get_current_slug(self.business)))


def _present(notification: Notification, slug: str) -> dict[str, Any]:
    columns = ("id", "kind", "subject", "subject_id", "at", "read_at")
    return {name: getattr(notification, name) for name in columns} | {
        "label": str(notification.kind_label),
        "url": hostnames.build_absolute_url(settings.PLATFORM_HOST, f"/console/{slug}/{notification.path}"),
    }
