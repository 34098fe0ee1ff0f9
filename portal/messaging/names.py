"""Which names may stand in a mail, where no escaping keeps a mailbox from making a link of them?"""

import re

LONGEST = 40
# Words of letters, with the marks that names have between them; no digits, and no dot that could make a domain.
PLAIN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?(?: [^\W\d_]+(?:['’-][^\W\d_]+)*\.?){0,4}")


def plain_name(name: str) -> str:
    """Return a name that is nothing but a name, and an empty string for one that says or leads anywhere else."""
    name = " ".join(name.split())
    return name if len(name) <= LONGEST and PLAIN.fullmatch(name) else ""
