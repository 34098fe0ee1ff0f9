"""The URLs of the booking pages, in the portal and in frames of other websites."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from portal.embeds.framing import embeddable
from portal.intake.booking.places import EMBEDDED_PLACE, PORTAL_PLACE, BookingPlace
from portal.intake.booking.views import held_times, offers, services, times, waiting_list

View = Callable[..., Any]


def _build_pages(prefix: str, place: BookingPlace, decorate: Callable[[View], View]) -> list[URLPattern]:
    pages: dict[str, tuple[str, View]] = {
        "services": ("", services.list_services),
        "times": ("<uuid:pk>/", times.choose_time),
        "holds": ("<uuid:pk>/holds/", times.hold_chosen_time),
        "hold": ("holds/<str:token>/", held_times.book_held_time),
        "hold-release": ("holds/<str:token>/release/", held_times.release_held_time),
        "hold-calendar": ("holds/<str:token>/calendar/", held_times.download_calendar_file),
    }
    return [
        path(f"{prefix}{route}", decorate(view), {"place": place}, name=f"{place.name_prefix}{name}")
        for name, (route, view) in pages.items()
    ]


app_name = "booking"
urlpatterns = [
    *_build_pages("book/", PORTAL_PLACE, lambda view: view),
    *_build_pages("embed/booking/", EMBEDDED_PLACE, embeddable),
    path("book/<uuid:pk>/waiting-list/", waiting_list.wait_for_service, name="waiting-list"),
    path("book/offers/<uuid:pk>/", offers.show_offer, name="offer"),
    path("book/offers/<uuid:pk>/acceptance/", offers.accept_offer, name="offer-acceptance"),
    path("book/offers/<uuid:pk>/refusal/", offers.decline_offer, name="offer-refusal"),
]
