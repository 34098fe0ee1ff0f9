"""How does everything on one person leave the house: as a copy for them, or for good?"""

from tempfile import SpooledTemporaryFile

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.cards import services
from portal.cards.forms import EraseForm
from portal.cards.pages import back, card_page, show
from portal.clients.models import Client

# A copy larger than this is put together on disk.
IN_MEMORY = 1_000_000


@card_page("clients.export", methods=("POST",))
def export(request: HttpRequest, client: Client) -> FileResponse:
    """Hand out everything on file about one person as a zip. It is whole before it is sent, since sending is outside the schema."""
    now = timezone.now()
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the response closes it)
    services.write_copy(client=client, business=request.business, file=file, staff=request.staff, now=now)
    file.seek(0)
    name = f"client-{client.pk}-{timezone.localdate():%Y-%m-%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "no-store"
    return response


@card_page("clients.erase", methods=("GET", "POST"))
def erase(request: HttpRequest, client: Client) -> HttpResponse:
    """Erase a person, once their name was typed."""
    form = EraseForm(request.POST or None, client=client)
    if form.is_valid():
        services.erase_client(client=client, business=request.business, staff=request.staff, now=timezone.now())
        messages.success(request, _("Erased. What the accounts need stays, without a name."))
        return back(request, client)
    status = 422 if form.errors else 200
    return show(request, client, "console/clients/card/erase.html", {"form": form}, status=status)
