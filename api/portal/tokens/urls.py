"""URLs of tokens in the client API."""

from django.urls import path

from api.portal.tokens import views

app_name = "tokens"
urlpatterns = [path("", views.TokenListView.as_view(), name="list")]
