"""The console's pages of notifications and of the preferences for them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.messaging.notifications import services
from portal.messaging.notifications.forms import NotificationPreferencesForm
from tenants import database_clock
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest


@membership_required("home.view")
def list_notifications(request: StaffRequest) -> HttpResponse:
    """List the person's own notifications, the newest first."""
    context = {"notifications": _query_own_notifications(request)[: services.PAGE_SIZE]}
    return render(request, "console/notifications/listing.html", context)


@membership_required("home.view")
def open_notification(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Mark a notification as read and redirect to the page it leads to."""
    notification = get_object_or_404(_query_own_notifications(request), pk=pk)
    if request.method == "GET":
        services.mark_read(_query_own_notifications(request).filter(pk=pk), now=database_clock.now())
    return HttpResponseRedirect(reverse("console:home", kwargs={"business": request.slug}) + notification.path)


@membership_required("home.view", methods=("POST",))
def mark_all_read(request: StaffRequest) -> HttpResponse:
    """Mark all of the person's own notifications as read."""
    services.mark_read(_query_own_notifications(request), now=database_clock.now())
    return redirect("console:notifications", business=request.slug)


@membership_required("home.view", methods=("GET", "POST"))
def edit_notification_preferences(request: StaffRequest) -> HttpResponse:
    """Let a person choose for each kind of notification how to get it."""
    form = NotificationPreferencesForm(request.POST or None, preferences=services.get_preferences(request.membership))
    if form.is_valid():
        services.save_preferences(membership=request.membership, preferences=form.cleaned_preferences())
        messages.success(request, _("Saved."))
        return redirect("console:notification-preferences", business=request.slug)
    status = 422 if form.is_bound else 200
    return render(request, "console/notifications/preferences.html", {"form": form}, status=status)


def _query_own_notifications(request: StaffRequest):
    return services.list_notifications(request.person.pk)
