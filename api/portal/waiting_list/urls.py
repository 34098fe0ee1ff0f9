"""URLs of the waiting list in the client API."""

from django.urls import path

from api.portal.waiting_list import views

app_name = "portal-waiting-list-entries"
urlpatterns = [
    path("", views.WaitingListEntryListView.as_view(), name="list"),
    path("<uuid:waiting_list_entry_id>/withdrawal/", views.WaitingListWithdrawalView.as_view(), name="withdrawal"),
]
