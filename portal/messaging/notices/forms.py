"""How does a member of staff say what they want to be told?"""

from typing import Any

from django import forms

from portal.messaging.models import NoticeKind, Wish


class WishesForm(forms.Form):
    """One choice for each kind of thing."""

    def __init__(self, *args: Any, wishes: dict[NoticeKind, Wish.Reach], **more: Any):
        super().__init__(*args, **more)
        for kind, reach in wishes.items():
            self.fields[kind.value] = forms.ChoiceField(label=kind.label, choices=Wish.Reach.choices, initial=reach)

    def chosen(self) -> dict[NoticeKind, Wish.Reach]:
        """Return what was chosen for each kind."""
        return {NoticeKind(name): Wish.Reach(reach) for name, reach in self.cleaned_data.items()}
