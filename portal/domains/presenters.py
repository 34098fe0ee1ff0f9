"""What the timeline's entries about a portal's addresses say to people."""

from django.utils.translation import gettext_lazy as _

from portal.activity.presenters import EventPresenter


class PortalAddressEventPresenter(EventPresenter):
    """Says which address or domain changed."""

    field_labels = EventPresenter.field_labels | {"slug": _("Client Portal URL"), "domain": _("Domain")}
