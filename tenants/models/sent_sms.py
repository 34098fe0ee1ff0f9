"""The texts that were passed to a provider, and the times at which texts were stopped."""

import uuid

from django.db import models
from django.db.models import Q


class SmsPriority(models.IntegerChoices):
    """How far a business vouches for the number of a text. Each priority may use a larger part of the caps."""

    REFUSED = 0
    CHOSEN = 1
    USED = 2
    NOTICE = 3
    GIVEN = 4
    ESTABLISHED = 5


class SmsStopReason(models.TextChoices):
    """Why texts are not sent: few codes are typed back, or a cap is reached."""

    FEW_CODES_USED = "few-codes-used"
    HOUR = "hour"
    DAY = "day"
    RANGE = "range"
    COUNTRY = "country"
    BUDGET = "budget"
    PLATFORM_BUDGET = "platform-budget"


class SentSms(models.Model):
    """One text that a worker was allowed to pass to a provider; caps and conversion are counted from these rows.

    Its key is that of the delivery. It holds no number, only the country and the range: the number without its last
    digits. `cost` is in US cents. `code_used_at` says when the code was typed; a text without a challenge is a notice.
    A challenge has several codes, told apart by their `generation`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="+")
    challenge_id = models.UUIDField(null=True, blank=True)
    generation = models.PositiveSmallIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True)
    number_range = models.CharField(max_length=12)
    cost = models.PositiveIntegerField()
    priority = models.PositiveSmallIntegerField(choices=SmsPriority)
    sent_at = models.DateTimeField()
    code_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["sent_at"], include=["business", "cost", "priority"], name="sent_sms_at"),
            models.Index(fields=["business", "-sent_at"], name="sent_sms_of_business"),
            models.Index(fields=["challenge_id"], condition=Q(challenge_id__isnull=False), name="sent_sms_challenge"),
        ]

    def __str__(self):
        return f"{self.number_range}… {self.sent_at}"


class SmsStop(models.Model):
    """One time at which texts of a business were stopped; the first text that is not sent writes it.

    `area` is the range or the country whose texts are stopped, or empty for all. Only texts up to `priority` are.
    When few codes are typed back, `used` of `sampled` were, and texts are refused until `ends_at` unless somebody lifts
    the stop. A cap is judged anew for each text: its row says that it was reached, and lets staff be told once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="+")
    reason = models.CharField(max_length=16, choices=SmsStopReason)
    area = models.CharField(max_length=12, blank=True)
    priority = models.PositiveSmallIntegerField(choices=SmsPriority)
    sampled = models.PositiveSmallIntegerField(default=0)
    used = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes = [models.Index(fields=["business", "ends_at"], name="sms_stop_of_business")]

    def __str__(self):
        return f"{self.reason} {self.area}".strip()
