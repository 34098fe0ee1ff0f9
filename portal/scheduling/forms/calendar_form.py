"""The form of a staff calendar."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.scheduling.forms.edit_form import EditForm
from portal.scheduling.models import Service
from portal.ui.form_choices import set_choices
from portal.ui.form_fields import SingleLineField
from portal.ui.time_zones import group_zones_by_region
from tenants.models import Membership

MAX_DAILY_LIMIT = 200


class CalendarForm(EditForm):
    """Whose calendar it is, in which zone, and what that person gives. A linked member's name is that of the team."""

    person_id = forms.TypedChoiceField(
        label=gettext_lazy("Member of your team"), required=False, coerce=UUID, empty_value=None
    )
    name = SingleLineField(label=gettext_lazy("Name that clients see"), max_length=80, required=False)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    daily_limit = forms.IntegerField(
        label=gettext_lazy("Most appointments a day"), min_value=1, max_value=MAX_DAILY_LIMIT, required=False
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Services"), required=False, widget=forms.CheckboxSelectMultiple
    )
    is_active = forms.BooleanField(label=gettext_lazy("Takes bookings"), required=False)

    def __init__(self, *args: Any, members: Sequence[Membership], services: Sequence[Service], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.names = {member.person_id: member.person.name or member.person.email for member in members}
        set_choices(self, "person_id", [("", _("Nobody who signs in")), *self._list_people()])
        set_choices(self, "time_zone", self._list_zones())
        set_choices(self, "services", [(str(service.pk), service.name) for service in services])

    @property
    def values(self) -> dict[str, Any]:
        """Return the values of StaffCalendar's fields; the form must be valid."""
        return {name: value for name, value in super().values.items() if name != "services"}

    @property
    def service_ids(self) -> set[UUID]:
        """Return the keys of the services that were ticked; the form must be valid."""
        return {UUID(pk) for pk in self.cleaned_data["services"]}

    def clean(self) -> None:
        """Take a missing name from the team."""
        values = self.cleaned_data
        if not values.get("name") and "name" not in self.errors:
            person_id = values.get("person_id")
            values["name"] = self.names[person_id][:80] if person_id in self.names else ""
            if not values["name"]:
                self.add_error("name", _("Enter a name, or choose a member of your team."))

    def _list_people(self) -> list[tuple[str, str]]:
        """Return the team, and whoever the calendar is linked with though they have left it."""
        people = [(str(pk), name) for pk, name in self.names.items()]
        current = self.initial.get("person_id")
        if current and current not in self.names:
            people.append((str(current), _("Somebody who has left the team")))
        return people

    def _list_zones(self) -> list[Any]:
        """Return the zones by region, and first the current one if it has another name now."""
        regions = group_zones_by_region()
        current = self.initial.get("time_zone", "")
        is_known = not current or any(current == zone for zones in regions.values() for zone, _city in zones)
        return [*([] if is_known else [(current, current)]), *regions.items()]
