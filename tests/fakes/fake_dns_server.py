"""A DNS server on loopback with records that a test sets."""

import socket
import threading
from contextlib import suppress

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Records = dict[tuple[str, str], list[str]]


class FakeDnsServer:
    """A DNS server with one zone, `(name, type)` to texts, that runs while the `with` block lasts.

    With `drops_queries` it answers nothing, with `returns_servfail` SERVFAIL. `queries` has every query.
    """

    def __init__(self):
        self.records: Records = {}
        self.queries: list[tuple[str, str]] = []
        self.drops_queries = self.returns_servfail = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def __enter__(self):
        self._socket.bind(("127.0.0.1", 0))
        threading.Thread(target=self._serve_queries, daemon=True).start()
        return self

    def __exit__(self, *_exc) -> None:
        # A blocked read wakes up by a packet sooner than by the socket's end.
        with suppress(OSError):
            self._socket.sendto(b"", self._socket.getsockname())
        self._socket.close()

    @property
    def address(self) -> str:
        """Its address in the form of DNS_RESOLVER."""
        host, port = self._socket.getsockname()
        return f"{host}:{port}"

    def set_record(self, name: str, kind: str, *texts: str) -> None:
        """Replace a record, or delete it without texts."""
        self.records[(name, kind)] = list(texts)

    def _serve_queries(self) -> None:
        with suppress(OSError):
            while packet := self._socket.recvfrom(4096):
                if packet[0] and not self.drops_queries:
                    self._socket.sendto(self._answer_query(packet[0]), packet[1])

    def _answer_query(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA
        [question] = query.question
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.queries.append((name, kind))
        if self.returns_servfail:
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer.to_wire()
        while alias := self.records.get((name, "CNAME")):
            answer.answer.append(dns.rrset.from_text(f"{name}.", 1, "IN", "CNAME", f"{alias[0]}."))
            name = alias[0]
        if texts := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(f"{name}.", 1, "IN", kind, *texts))
        elif not any(texts and known == name for (known, _kind), texts in self.records.items()):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer.to_wire()
