"""Who works here, as what, and who has been asked to join?"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.team import services
from portal.team.forms import InvitationForm, PlaceForm
from tenants.models import Membership
from tenants.staff import invitations, team
from tenants.staff.decorators import membership_required
from tenants.staff.invitations import InvalidInvitation
from tenants.staff.team import OwnerRequired, TeamChangeDenied
from tenants.validators import BusinessRefused


@membership_required("team.view")
def listing(request: HttpRequest) -> HttpResponse:
    """List the team and the open invitations."""
    return _team(request, InvitationForm(by=request.membership, initial={"role": "staff"}))


@membership_required("team.manage", methods=("POST",))
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by their email address."""
    form = InvitationForm(request.POST, by=request.membership)
    if not form.is_valid():
        return _team(request, form, status=422)
    try:
        services.invite(by=request.membership, staff=request.staff, now=timezone.now(), **form.cleaned_data)
    except (InvalidInvitation, BusinessRefused) as refusal:
        form.add_error("email", str(refusal))
    except TeamChangeDenied:
        form.add_error(None, _("You can’t give what you don’t have yourself."))
    if form.errors:
        return _team(request, form, status=422)
    messages.success(request, _("Invited. The link works for seven days."))
    return _back(request)


@membership_required("team.manage", methods=("POST",))
def invite_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an invitation once more."""
    return _settle(request, services.invite_again, pk, _("Sent again. The earlier link does not work any more."))


@membership_required("team.manage", methods=("POST",))
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    return _settle(request, services.withdraw, pk, _("Withdrawn."))


@membership_required("team.manage", methods=("GET", "POST"))
def member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what somebody may do here."""
    found = _member(request, pk)
    held = {"role": found.role, "billing": found.billing, "documents": found.documents}
    form = PlaceForm(request.POST or None, by=request.membership, initial=held)
    if form.is_valid() and _dared(request, services.change, member=found, now=timezone.now(), **form.cleaned_data):
        messages.success(request, _("Saved."))
        return _back(request)
    context = {"form": form, "member": found}
    return render(request, "console/team/member.html", context, status=422 if form.errors else 200)


@membership_required("team.manage", methods=("GET", "POST"))
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take somebody off the team, after asking once."""
    found = _member(request, pk)
    if request.method == "POST":
        if _dared(request, services.remove, member=found, now=timezone.now()):
            messages.success(request, _("Removed. They are signed out everywhere."))
        return _back(request)
    return render(request, "console/team/remove.html", {"member": found})


def _team(request: HttpRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    members = list(team.members_of(request.business))
    for one in members:
        one.can_be_changed = team.can_change_member(request.membership, one)
    context = {
        "members": members,
        "invitations": invitations.open_invitations_of(request.business),
        "form": form,
        "now": timezone.now(),
    }
    return render(request, "console/team/listing.html", context, status=status)


def _member(request: HttpRequest, person: UUID) -> Membership:
    return get_object_or_404(team.members_of(request.business), person=person)


def _dared(request: HttpRequest, deed, **facts: object) -> bool:
    """Do it, or say why not."""
    try:
        deed(by=request.membership, staff=request.staff, **facts)
    except OwnerRequired:
        messages.error(request, _("A business needs an owner. Make somebody else an owner first."))
    except TeamChangeDenied:
        messages.error(request, _("Only an owner may do that."))
    else:
        return True
    return False


def _settle(request: HttpRequest, deed, pk: UUID, words: str) -> HttpResponse:
    invitation = get_object_or_404(invitations.open_invitations_of(request.business), pk=pk)
    try:
        deed(invitation=invitation, staff=request.staff, now=timezone.now())
        messages.success(request, words)
    except InvalidInvitation as refusal:
        messages.error(request, str(refusal))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    # Somebody who removed themselves is signed out and ends at the sign-in page.
    return redirect("console:team", business=request.slug)
