"""The page that lists a person's sessions and ends them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tenants import database_clock
from tenants.staff import sessions
from tenants.staff.decorators import staff_login_required
from tenants.staff.request_types import PersonRequest


@staff_login_required()
def list_sessions(request: PersonRequest) -> HttpResponse:
    """List the browsers this person is signed in with."""
    rows = sessions.list_sessions(request.person.pk, now=database_clock.now())
    return render(request, "staff/sessions.html", {"sessions": rows, "current_key": request.session.session_key})


@staff_login_required(methods=("POST",))
def sign_out(request: PersonRequest, pk: int) -> HttpResponse:
    """End one session."""
    if not sessions.end_staff_session(person_id=request.person.pk, pk=pk):
        raise Http404
    messages.success(request, _("Signed out on that device."))
    return redirect("usersessions_list")


@staff_login_required(methods=("POST",))
def sign_out_others(request: PersonRequest) -> HttpResponse:
    """End every session except this one."""
    sessions.end_staff_sessions(person_id=request.person.pk, except_key=request.session.session_key)
    messages.success(request, _("Signed out on all other devices."))
    return redirect("usersessions_list")
