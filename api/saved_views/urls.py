"""URLs of saved views in the business API."""

from django.urls import path

from api.saved_views import views

app_name = "saved_views"
urlpatterns = [
    path("", views.SavedViewListView.as_view(), name="list"),
    path("<uuid:view_id>/", views.SavedViewView.as_view(), name="detail"),
]
