"""The form that passkeys.js fills in and sends."""

from django import forms

from portal.passkeys.services.challenges import MAX_STATE_LENGTH
from portal.passkeys.services.responses import MAX_RESPONSE_LENGTH


class PasskeyResponseForm(forms.Form):
    """What a passkey signed, as JSON, and the state of the challenge that it answers."""

    challenge_state = forms.CharField(max_length=MAX_STATE_LENGTH)
    passkey_response = forms.CharField(max_length=MAX_RESPONSE_LENGTH)
