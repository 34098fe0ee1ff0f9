"""How does a member of staff decide how clients sign in?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity.event_types import EventType
from portal.profile.branding import change
from portal.profile.console.forms import SigningInForm
from tenants import hostnames
from tenants.staff.decorators import membership_required


@membership_required("portal.edit", methods=("GET", "POST"))
def signing_in(request: HttpRequest) -> HttpResponse:
    """Change the wait for another code, the channel that comes first, and the countries texts go to."""
    form = SigningInForm.of(request.profile, request.POST or None)
    if form.is_valid():
        facts = {"event_type": EventType.SIGN_IN_SETTINGS_CHANGED, "staff": request.staff, "now": timezone.now()}
        if change(business=request.business, **facts, **form.choices):
            messages.success(request, _("Saved. It holds from the next code on."))
        return redirect("console:portal-sign-in", business=request.slug)
    card = hostnames.absolute_url(hostnames.portal_host_for(request.slug), "/sign-in/allow-list/")
    context = {"form": form, "allow_list_url": card}
    return render(request, "console/portal/sign_in.html", context, status=422 if form.is_bound else 200)
