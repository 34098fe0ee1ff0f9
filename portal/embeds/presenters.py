"""What the timeline's entries about websites say to people."""

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter


class WebsiteEventPresenter(EventPresenter):
    """Says which websites may show forms, and which may call the API."""

    field_labels = EventPresenter.field_labels | {
        "embedding_origins": _("Websites that show your forms"),
        "api_origins": _("Websites that use the API"),
    }
