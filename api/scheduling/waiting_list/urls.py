"""URLs of the waiting list in the business API."""

from django.urls import path

from api.scheduling.waiting_list import views

app_name = "waiting-list-entries"
ENTRY = "<uuid:waiting_list_entry_id>/"
urlpatterns = [
    path("", views.WaitingListEntryListView.as_view(), name="list"),
    path(ENTRY, views.WaitingListEntryView.as_view(), name="detail"),
    path(f"{ENTRY}withdrawal/", views.WaitingListWithdrawalView.as_view(), name="withdrawal"),
    path(f"{ENTRY}offers/", views.WaitingListOfferView.as_view(), name="offers"),
]
