"""Removing a person from the searches of the client list that staff saved or exported."""

from urllib.parse import parse_qsl, urlencode

from portal.activity import services as activity
from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import SavedView
from portal.ui.person_mentions import REDACTED, MentionMatcher, map_texts
from tenants.nouns.personal_data_policies import PersonIdentity


def erase_searches(person: PersonIdentity) -> int:
    """Remove searches for the person from saved views and exports; a view of nobody else is deleted.

    Returns how many there were.
    """
    matcher = MentionMatcher(person)
    return _erase_saved_views(matcher) + _erase_export_filters(matcher)


def _erase_saved_views(matcher: MentionMatcher) -> int:
    found = 0
    for view in SavedView.objects.all():
        query = parse_qsl(view.query)
        others = [(key, value) for key, value in query if not matcher.is_search_for(value)]
        if others == query and not matcher.is_search_for(view.name):
            continue
        found += 1
        if others and not matcher.is_search_for(view.name):
            SavedView.objects.filter(pk=view.pk).update(query=urlencode(others))
        else:
            view.delete()
    return found


def _erase_export_filters(matcher: MentionMatcher) -> int:
    """Redact the filters of exports on the timeline, and the names of shared views that were for the person."""
    found = 0
    entries = Entry.objects.filter(event_type__in=(ClientEvent.LIST_EXPORTED, ClientEvent.SAVED_VIEW_CHANGED))
    with activity.allow_mutation():
        for key, data in list(entries.values_list("pk", "data")):
            redacted = map_texts(data, lambda text: REDACTED if matcher.is_search_for(text) else text)
            if redacted != data:
                Entry.objects.filter(pk=key).update(data=redacted)
                found += 1
    return found
