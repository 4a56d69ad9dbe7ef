"""The law for reading from strangers: which addresses, how much, how long; redirects are followed by hand."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from crosspost import __version__
from crosspost.core.world import Call, Clock, Reply, Wire, WireTrouble
from crosspost.net.addresses import allows

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MEMBERS = 100  # of one gzip stream: real ones have one; each costs a copy of what follows it
# It says who reads: some firewalls answer an unknown library's name with 403.
USER_AGENT = f"crosspost/{__version__} (feed reader)"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one read, all hops together.

    30 s: a slow shared host may take that long to build its feed, and an hourly run over a few feeds
    can spare it. 10 MB, on the wire and unpacked: a feed of long posts stays far below, memory doesn't
    notice. Five redirects: http → https → www → slash are three.
    """

    seconds: float = 30.0
    bytes: int = 10_000_000
    redirects: int = 5


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Page:
    """A whole answer: `url` is the one after redirects, without a fragment; `body` is unpacked.

    An error's body isn't read: nobody needs its words, and a damaged one would hide the status.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    url: str
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name, whatever its case; "" where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


class ReadTrouble(Exception):
    """Nothing whole could be read. `what` is a plain clause ("nothing answers there"), `host` its subject.

    `code`: unreachable, private, slow, cut, too-large, redirects, downgrade, invalid or encoding.
    """

    def __init__(self, code: str, what: str, host: str) -> None:
        super().__init__(f"{host}: {what}")
        self.code = code
        self.what = what
        self.host = host


_WORDS = {
    WireTrouble.REFUSED: ("unreachable", "nothing answers there"),
    WireTrouble.DNS: ("unreachable", "this name has no address"),
    WireTrouble.TLS: ("unreachable", "no secure connection could be made (certificate or TLS)"),
    WireTrouble.PRIVATE: ("private", "this address is private, and isn't allowed"),
    WireTrouble.TIMEOUT: ("slow", "it didn't answer in time"),
    WireTrouble.DEADLINE: ("slow", "it didn't answer in time"),
    WireTrouble.CUT: ("cut", "the connection broke off"),
    WireTrouble.PROXY: ("unreachable", "the proxy didn't let the call through"),
    WireTrouble.INVALID: ("invalid", "it doesn't speak HTTP, or the address is wrong"),
}


def read(
    wire: Wire,
    clock: Clock,
    url: str,
    *,
    headers: tuple[tuple[str, str], ...] = (),
    accept: str = "*/*",
    allow_private: tuple[str, ...] = (),
    typed: bool = False,
    limits: Limits = DEFAULT,
) -> Page:
    """The page at `url`, whatever its status. Raises ReadTrouble.

    `typed`: a person typed this address, so it may be private; a redirect from it may not.
    """
    end = clock.monotonic() + limits.seconds
    here = _address(url)
    sent = (
        ("User-Agent", USER_AGENT),
        ("Accept", accept),
        ("Accept-Encoding", "gzip, deflate"),
        ("Connection", "close"),
        *headers,
    )
    for hop in range(limits.redirects + 1):
        judge = _judge(allow_private, everything=typed and hop == 0)
        page = _get(wire, clock, here, sent, judge, end, limits)
        where = page.header("Location")
        if page.status not in _REDIRECTS or not where:
            return page
        here = _next(here, where)
    raise ReadTrouble("redirects", f"it redirects more than {limits.redirects} times", _name(here))


def _judge(allow_private: tuple[str, ...], *, everything: bool) -> Callable[[str, str], bool]:
    return lambda host, address: everything or allows(allow_private, host, address)


def _name(url: Url) -> str:
    return (url.host or "").strip("[]")


def _address(text: str) -> Url:
    """The address as it is called: normalised, without a fragment."""
    try:
        url = parse_url(text.strip())
    except LocationParseError:
        raise ReadTrouble("invalid", "the address can't be read", "?") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise ReadTrouble("invalid", "only http and https addresses can be read", _name(url) or "?")
    if url.auth is not None:
        raise ReadTrouble("invalid", "the address holds a user name or a password", _name(url))
    return url._replace(fragment=None, path=url.path or "/")


def _next(here: Url, where: str) -> Url:
    """Where a redirect leads.

    From https to http is refused: what is read is published in somebody's name, and on plain http
    anyone on the way could write it. http to http is the owner's own choice.
    """
    # Header bytes come as Latin-1; servers put UTF-8 paths there all the same.
    try:
        text = where.encode("latin-1").decode()
    except UnicodeError:
        text = where
    try:
        url = _address(urljoin(here.url, text))
    except ValueError:  # urljoin on brackets that hold no address
        raise ReadTrouble("invalid", "it redirects to an address that can't be read", _name(here)) from None
    if here.scheme == "https" and url.scheme == "http":
        raise ReadTrouble("downgrade", "it redirects from https to http", _name(here))
    return url


def _get(
    wire: Wire,
    clock: Clock,
    url: Url,
    headers: tuple[tuple[str, str], ...],
    judge: Callable[[str, str], bool],
    end: float,
    limits: Limits,
) -> Page:
    left = end - clock.monotonic()
    if left <= 0:
        raise ReadTrouble("slow", "it didn't answer in time", _name(url))
    try:
        reply = wire.call(Call("GET", url.url, headers, deadline=left, private_ok=judge))
        try:
            raw = _body(reply, clock, _name(url), end, limits) if 200 <= reply.status < 300 else b""
        finally:
            reply.close()
    except WireTrouble as trouble:
        code, what = _WORDS.get(trouble.kind, ("unreachable", "it could not be read"))
        raise ReadTrouble(code, what, _name(url)) from None
    return Page(reply.status, reply.headers, url.url, _unpack(raw, reply, _name(url), limits.bytes))


def _body(reply: Reply, clock: Clock, host: str, end: float, limits: Limits) -> bytes:
    """The body as it comes on the wire: whole, or an error."""
    declared = reply.header("Content-Length")
    expected = int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 19 else None
    large = ReadTrouble("too-large", f"it sends more than {limits.bytes:,} bytes", host)
    if expected is not None and expected > limits.bytes:
        raise large
    chunks: list[bytes] = []
    size = 0
    for chunk in reply.body:
        size += len(chunk)
        if size > limits.bytes:
            raise large
        if clock.monotonic() > end:
            raise ReadTrouble("slow", "it didn't answer in time", host)
        chunks.append(chunk)
    if expected is not None and size < expected and not reply.header("Transfer-Encoding"):
        raise ReadTrouble("cut", f"{size:,} of {expected:,} bytes came", host)
    return b"".join(chunks)


def _unpack(raw: bytes, reply: Reply, host: str, limit: int) -> bytes:
    encoding = reply.header("Content-Encoding").strip().lower()
    if not raw or encoding in ("", "identity"):
        return raw
    if encoding in ("gzip", "x-gzip"):
        return _inflate(raw, zlib.MAX_WBITS | 16, host, limit)
    if encoding == "deflate":
        # Some servers send a bare deflate stream; zlib's own begins with a header that is divisible by 31.
        wrapped = len(raw) > 1 and raw[0] & 0x0F == 8 and (raw[0] << 8 | raw[1]) % 31 == 0
        return _inflate(raw, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, host, limit)
    raise ReadTrouble("encoding", "its body is packed in a way that wasn't asked for", host)


def _inflate(raw: bytes, bits: int, host: str, limit: int) -> bytes:
    """All members of a packed stream, never more than `limit` bytes of them."""
    out: list[bytes] = []
    left = limit
    while raw:
        if len(out) >= _MEMBERS:
            raise ReadTrouble("too-large", f"its body is packed in more than {_MEMBERS} pieces", host)
        unpacker = zlib.decompressobj(bits)
        try:
            part = unpacker.decompress(raw, left + 1)
        except zlib.error:
            raise ReadTrouble("cut", "its packed body is damaged", host) from None
        if len(part) > left:
            raise ReadTrouble("too-large", f"it unpacks to more than {limit:,} bytes", host)
        if not unpacker.eof:
            raise ReadTrouble("cut", "its packed body breaks off", host)
        out.append(part)
        left -= len(part)
        # Another member may follow; anything else behind the end is padding, which servers do send.
        raw = unpacker.unused_data if unpacker.unused_data[:2] == b"\x1f\x8b" else b""
    return b"".join(out)
