"""What the API takes and answers about the settings of the contact form."""

from rest_framework import serializers

from api.protocol.fields import MultiLineField
from api.protocol.serializers import StrictSerializer
from portal.intake.models import FieldRequirement


class ContactFormSettingsSerializer(StrictSerializer):
    """Whether there is a contact form, what it asks and what it says. The name is always asked."""

    is_on = serializers.BooleanField()
    intro = MultiLineField(max_length=600, allow_blank=True, help_text="The text above the form.")
    thanks = MultiLineField(max_length=600, allow_blank=True, help_text="The text after sending.")
    email = serializers.ChoiceField(choices=FieldRequirement.choices)
    mobile = serializers.ChoiceField(choices=FieldRequirement.choices)
    message = serializers.ChoiceField(choices=FieldRequirement.choices)
    custom = serializers.DictField(
        child=serializers.ChoiceField(choices=FieldRequirement.choices),
        help_text="Custom fields that are asked, by the field’s id; one that is not named is hidden.",
    )
    url = serializers.CharField(read_only=True, help_text="Where the form is.")
