"""Middleware that adds sessions, the signed-in person and messages on the platform host alone."""

from collections.abc import Callable

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxMiddleware

from tenants.request_types import HostRequest

Handler = Callable[[HttpRequest], HttpResponse]


class StaffSessionMiddleware:
    """Run Django's session, authentication and message middleware for the platform host, and not for portals.

    All of it is lazy: a page that uses none of it reads no session.
    """

    def __init__(self, get_response: Handler):
        self.portal = get_response
        self.platform: Handler = get_response
        for layer in (HtmxMiddleware, MessageMiddleware, AuthenticationMiddleware, SessionMiddleware):
            self.platform = layer(self.platform)  # type: ignore[assignment]

    def __call__(self, request: HostRequest) -> HttpResponse:
        return (self.platform if request.resolved_host is None else self.portal)(request)
