"""The console's URL of the page about a business's own websites."""

from django.urls import path

from portal.embeds import console

urlpatterns = [path("", console.edit_embeds, name="embeds")]
