"""The list of clients as the manual of Django REST Framework has one write it, with our query."""

from django.urls import path
from rest_framework import generics, pagination, serializers

from api.clients.client_queries import annotate_contacts_and_tags
from portal.clients.models import Client


class ClientSerializer(serializers.ModelSerializer):
    """A client with the addresses and tags of their card."""

    contacts = serializers.JSONField(source="shown_contacts")
    tags = serializers.JSONField(source="shown_tags")

    class Meta:
        model = Client
        fields = [
            "id",
            "name",
            "status",
            "source",
            "language",
            "time_zone",
            "contacts",
            "tags",
            "custom",
            "created_at",
            "updated_at",
            "signed_in_at",
        ]


class ClientPagination(pagination.CursorPagination):
    """Pages by the name and the key."""

    page_size = 100
    ordering = ("name", "pk")


class ClientListView(generics.ListAPIView):
    """The client list."""

    serializer_class = ClientSerializer
    pagination_class = ClientPagination
    queryset = annotate_contacts_and_tags(Client.objects.exclude_unlisted())


urlpatterns = [path("clients/", ClientListView.as_view())]
