"""The personal data policy of the timeline."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from portal.activity.anonymisation import anonymise_entries
from portal.activity.models import Entry
from tenants.nouns.personal_data_policies import PersonalDataPolicy, PersonIdentity


def _erase_entries(person: PersonIdentity, now: datetime) -> int:
    return anonymise_entries(Entry.objects.filter(client__in=person.client_ids))


POLICIES = (
    # A merge moves no entries: those of merged clients are read together with the survivor's.
    PersonalDataPolicy(
        "timeline",
        "activity.Entry",
        _("Timeline"),
        ordering="at",
        excluded_columns=("subject_id", "actor_id"),
        # The longest table of an export comes after what it is about.
        export_position=200,
        moves_on_merge=False,
        erase=_erase_entries,
        free_texts=("data",),
        kept=_(
            "What happened on the timeline, when, and by which member of staff, because the record of changes has to "
            "stay complete."
        ),
    ),
)
