"""Console pages of the team: its members, their roles and the open invitations."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.team import services
from portal.team.forms import InvitationForm, MembershipForm
from portal.team.presenters import list_area_labels
from tenants import database_clock
from tenants.models import Membership
from tenants.staff import invitations, team
from tenants.staff.decorators import membership_required
from tenants.staff.invitations import InvalidInvitation
from tenants.staff.request_types import StaffRequest
from tenants.staff.team import OwnerRequired, TeamChangeDenied
from tenants.validators import InvalidBusiness


@membership_required("team.view")
def list_team(request: StaffRequest) -> HttpResponse:
    """List the team and the open invitations."""
    return _render_team(request, InvitationForm(by=request.membership, initial={"role": "staff"}))


@membership_required("team.manage", methods=("POST",))
def invite_member(request: StaffRequest) -> HttpResponse:
    """Invite an email address to the team."""
    form = InvitationForm(request.POST, by=request.membership)
    if not form.is_valid():
        return _render_team(request, form, status=422)
    try:
        services.invite_member(
            by=request.membership, staff=request.staff, now=database_clock.now(), **form.cleaned_data
        )
    except (InvalidInvitation, InvalidBusiness) as error:
        form.add_error("email", str(error))
    except TeamChangeDenied:
        form.add_error(None, _("You can’t grant permissions you don’t have."))
    if form.errors:
        return _render_team(request, form, status=422)
    messages.success(request, _("Invitation sent. The link is valid for seven days."))
    return _redirect_to_team(request)


@membership_required("team.manage", methods=("POST",))
def resend_invitation(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send an open invitation again, with a new link."""
    return _update_invitation(request, services.resend_invitation, pk, _("Resent. The previous link no longer works."))


@membership_required("team.manage", methods=("POST",))
def withdraw_invitation(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Withdraw an open invitation."""
    return _update_invitation(request, services.withdraw_invitation, pk, _("Invitation withdrawn."))


@membership_required("team.manage", methods=("GET", "POST"))
def edit_member(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show and save the role and extra areas of a member."""
    member = _get_member(request, pk)
    initial = {"role": member.role, "areas": member.areas}
    form = MembershipForm(request.POST or None, by=request.membership, initial=initial)
    if form.is_valid() and _apply_team_change(
        request, services.change_member, member=member, now=database_clock.now(), **form.cleaned_data
    ):
        messages.success(request, _("Saved."))
        return _redirect_to_team(request)
    context = {"form": form, "member": member}
    return render(request, "console/team/member.html", context, status=422 if form.errors else 200)


@membership_required("team.manage", methods=("GET", "POST"))
def remove_member(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask for confirmation, then remove a member from the team."""
    member = _get_member(request, pk)
    if request.method == "POST":
        if _apply_team_change(request, services.remove_member, member=member, now=database_clock.now()):
            messages.success(request, _("Removed. They no longer have access."))
        return _redirect_to_team(request)
    return render(request, "console/team/removal.html", {"member": member})


def _render_team(request: StaffRequest, form: InvitationForm, status: int = 200) -> HttpResponse:
    context = {
        "members": [
            (member, list_area_labels(member.areas), team.can_change_member(request.membership, member))
            for member in team.list_members(request.business)
        ],
        "invitations": invitations.query_business_invitations(request.business),
        "form": form,
        "now": database_clock.now(),
    }
    return render(request, "console/team/listing.html", context, status=status)


def _get_member(request: StaffRequest, person: UUID) -> Membership:
    return get_object_or_404(team.list_members(request.business), person=person)


def _apply_team_change(request: StaffRequest, action, **kwargs: object) -> bool:
    """Change the team and return True, or show why it is not allowed and return False."""
    try:
        action(by=request.membership, staff=request.staff, **kwargs)
    except OwnerRequired:
        messages.error(request, _("A business needs at least one owner. Make somebody else an owner first."))
    except TeamChangeDenied:
        messages.error(request, _("Only an owner can do this."))
    else:
        return True
    return False


def _update_invitation(request: StaffRequest, action, pk: UUID, success_message: str) -> HttpResponse:
    invitation = get_object_or_404(invitations.query_business_invitations(request.business), pk=pk)
    try:
        action(invitation=invitation, staff=request.staff, now=database_clock.now())
        messages.success(request, success_message)
    except InvalidInvitation as error:
        messages.error(request, str(error))
    return _redirect_to_team(request)


def _redirect_to_team(request: StaffRequest) -> HttpResponse:
    # Members who removed themselves are signed out by now, so they end at the sign-in page.
    return redirect("console:team", business=request.slug)
