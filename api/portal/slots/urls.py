"""URLs of the times that can be booked in the client API."""

from django.urls import path

from api.portal.slots import views

app_name = "slots"
urlpatterns = [path("", views.SlotListView.as_view(), name="list")]
