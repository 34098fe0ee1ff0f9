"""URLs of a business's own websites in the business API."""

from django.urls import path

from api.embeds import views

app_name = "websites"
urlpatterns = [path("", views.AllowedWebsitesView.as_view(), name="settings")]
