"""What staff and programs are told about the state of a custom domain."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants import hostnames
from tenants.models import CustomDomain


@dataclass(frozen=True)
class CustomDomainState:
    """How far a domain is set up: `name` for programs, and a label with its CSS class for people."""

    name: str
    label: str | Promise
    css: str = ""


@dataclass(frozen=True)
class CustomDomainProblem:
    """What is wrong with a domain, and what to do about it."""

    text: str | Promise
    tone: str = "error"


@dataclass(frozen=True)
class CustomDomainStatus:
    """A custom domain with its state, its problem if there is any, and why it is not served over HTTPS yet."""

    custom_domain: CustomDomain
    portal_url: str
    state: CustomDomainState
    problem: CustomDomainProblem | None
    https_text: str | Promise


BROKEN = CustomDomainState("broken", _("Not working"), "state-failed")
ACTIVE = CustomDomainState("active", _("Active"), "state-done")
WAITING_FOR_HTTPS = CustomDomainState("waiting_for_https", _("Waiting for HTTPS"))
WAITING_FOR_DNS = CustomDomainState("waiting_for_dns", _("Waiting for DNS"))
WAITING_FOR_VERIFICATION = CustomDomainState("waiting_for_verification", _("Waiting for verification"))
STATES = (WAITING_FOR_VERIFICATION, WAITING_FOR_DNS, WAITING_FOR_HTTPS, ACTIVE, BROKEN)

# By the problem that the last check found. The first two explain by themselves why a domain is broken.
PROBLEMS = {
    "txt-missing": CustomDomainProblem(
        _(
            "The TXT record that verifies the domain is missing. Add it again. "
            "Without it, another business can claim the domain."
        )
    ),
    "verified-elsewhere": CustomDomainProblem(
        _(
            "Another business has verified this domain after your record was removed. "
            "To get it back, replace their TXT record with yours."
        )
    ),
    "no-answer": CustomDomainProblem(_("The name servers did not respond. Check again in a minute."), tone="warning"),
    "taken": CustomDomainProblem(
        _(
            "The domain is verified, but it still shows another portal. It has to be released there first. "
            "Contact support if you can’t do that."
        )
    ),
}
SELF_EXPLANATORY = ("txt-missing", "verified-elsewhere")
SILENT_FOR_HOURS = CustomDomainProblem(
    _("The domain’s name servers have not responded for hours. Check whether the domain has moved or expired.")
)
POINTS_ELSEWHERE = CustomDomainProblem(_("The domain no longer points here. Set the record below again."))
UNREACHABLE = CustomDomainProblem(
    _("The domain points here, but your portal can’t be reached. See the last step below.")
)

HTTPS_TEXTS = {
    "invalid-certificate": _(
        "There is no valid certificate yet. It is ordered automatically. Check again in a few minutes. "
        "A CAA record can prevent it."
    ),
    "wrong-server": _(
        "A different server responds. Check for a proxy or redirect in front of the domain and switch it off."
    ),
}


def build_status(custom_domain: CustomDomain) -> CustomDomainStatus:
    """Return what there is to say about a domain."""
    return CustomDomainStatus(
        custom_domain=custom_domain,
        portal_url=hostnames.build_absolute_url(custom_domain.domain),
        state=_find_state(custom_domain),
        problem=_find_problem(custom_domain),
        https_text=_explain_https(custom_domain),
    )


def _find_state(custom_domain: CustomDomain) -> CustomDomainState:
    """Return the state of the last step that is done, unless the domain is broken."""
    if custom_domain.broken_at:
        return BROKEN
    if custom_domain.live_at:
        return ACTIVE
    if custom_domain.dns_ready_at:
        return WAITING_FOR_HTTPS
    return WAITING_FOR_DNS if custom_domain.verified_at else WAITING_FOR_VERIFICATION


def _find_problem(custom_domain: CustomDomain) -> CustomDomainProblem | None:
    """Return what the last check found; once a domain is broken, what has been wrong for hours."""
    problem = custom_domain.check_result.get("problem", "")
    if custom_domain.broken_at and problem not in SELF_EXPLANATORY:
        if problem == "no-answer":
            return SILENT_FOR_HOURS
        if not custom_domain.dns_ready_at:
            return POINTS_ELSEWHERE
        if custom_domain.check_result.get("https"):
            return UNREACHABLE
    return PROBLEMS.get(problem)


def _explain_https(custom_domain: CustomDomain) -> str | Promise:
    if not custom_domain.dns_ready_at:
        return _("The certificate is issued automatically once the domain points here.")
    result = custom_domain.check_result.get("https", "")
    return HTTPS_TEXTS.get(result, _("No server responds yet. Check again in a few minutes."))
