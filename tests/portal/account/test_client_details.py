"""The page with a client's own details, and what a change of preferences leaves behind."""

from portal.clients.models import Client
from tenants.context import use_business


def test_a_change_of_preferences_is_recorded_as_the_clients_own(acme, ana, sign_in_client):
    browser = sign_in_client(acme, "ana@example.com")
    preferences = {"language": "de", "time_zone": "Europe/Berlin"}

    assert browser.post("/account/preferences/", preferences).status_code == 302

    with use_business(acme):
        client = Client.objects.get(pk=ana.pk)
        assert (client.language, client.time_zone) == ("de", "Europe/Berlin")
        assert client.updated_at > client.created_at
        entry = client.entries.get(event_type="clients.changed")
        assert (entry.actor, entry.actor_name) == ("client", "")
        assert entry.data["after"] == preferences


def test_unchanged_preferences_are_not_recorded(acme, ana, sign_in_client):
    browser = sign_in_client(acme, "ana@example.com")

    assert browser.post("/account/preferences/", {"language": "", "time_zone": ""}).status_code == 302

    with use_business(acme):
        assert not Client.objects.get(pk=ana.pk).entries.filter(event_type="clients.changed").exists()
