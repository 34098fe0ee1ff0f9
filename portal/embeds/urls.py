"""The portal's URLs of what other websites load to show its forms."""

from django.urls import path

from portal.embeds import views

app_name = "embeds"
urlpatterns = [path("v1.js", views.serve_embed_script, name="script")]
