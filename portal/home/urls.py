"""The URL of a client's home page."""

from django.urls import path

from portal.home import views

app_name = "home"
urlpatterns = [path("", views.show_home, name="home")]
