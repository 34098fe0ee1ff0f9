"""What the client API takes and answers about the contact form."""

from typing import Any

from rest_framework import serializers

from api.protocol.fields import JSONValueField, SingleLineField
from api.protocol.serializers import StrictSerializer

QUESTION_KINDS = ("text", "email", "phone", "long-text", "number", "date", "choice", "yes-no")


class AnswerField(JSONValueField):
    """A text, a number or a boolean."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse objects and lists."""
        if isinstance(data, dict | list):
            self.fail("invalid")
        return super().to_internal_value(data)


class QuestionSerializer(StrictSerializer):
    """A question of the form."""

    name = serializers.CharField(read_only=True, help_text="The name of its answer.")
    label = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=QUESTION_KINDS, read_only=True)
    required = serializers.BooleanField(read_only=True)
    choices = serializers.ListField(child=serializers.CharField(read_only=True), read_only=True)


class ContactFormSerializer(StrictSerializer):
    """The contact form of the business."""

    intro = serializers.CharField(read_only=True)
    questions = QuestionSerializer(many=True, read_only=True)
    form_token = serializers.CharField(
        read_only=True, help_text="Send it with the answers, 3 seconds later at the earliest and a day at the latest."
    )


class EnquirySerializer(StrictSerializer):
    """The answers to the form, by the names of its questions."""

    answers = serializers.DictField(child=AnswerField(allow_null=True))
    form_token = SingleLineField(max_length=400)
    wait_token = SingleLineField(
        max_length=400, required=False, default="", allow_blank=True, help_text="From a problem `wait_required`."
    )
    leave_empty = SingleLineField(
        max_length=400,
        required=False,
        default="",
        allow_blank=True,
        help_text="What a program that fills in every field puts here is refused. Show it to nobody.",
    )


class ThanksSerializer(StrictSerializer):
    """What the business says to whoever has sent the form."""

    thanks = serializers.CharField(read_only=True)
