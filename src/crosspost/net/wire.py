"""The real network: one call is one fresh connection, kept to its deadline by a watchdog."""

from __future__ import annotations

import base64
import http.client
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from ipaddress import ip_network
from urllib.parse import unquote

from urllib3 import HTTPHeaderDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError, ProtocolError, ReadTimeoutError, TimeoutStateError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

from crosspost import __version__
from crosspost.core.world import Call, Reply, WireTrouble
from crosspost.net.addresses import is_public, parse_address

Alarm = Callable[[float, Callable[[], None]], Callable[[], None]]
Resolve = Callable[[str, int], tuple[str, ...]]

_CHUNK = 65_536
_CONNECT_SECONDS = 10.0  # for one address of several: a dead IPv6 route must leave time for IPv4
_BACKSTOP_SECONDS = 5.0
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TARGET = re.compile(r"[\x21-\x7e]*")


def system_resolve(host: str, port: int) -> tuple[str, ...]:
    """The system's addresses for a name, in its order, each once. Raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class _Watchdog:
    """Shuts whatever socket the call is at when its time is over; `fired` says that it did."""

    def __init__(self, alarm: Alarm, seconds: float) -> None:
        self.fired = False
        self.woken = threading.Event()  # set by the alarm, and when a name is resolved
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._cancel = alarm(seconds, self._fire)

    def guard(self, sock: socket.socket) -> None:
        """Watch this socket from now on.

        By a duplicate of its descriptor: TLS takes the original over, and a closed one's number may
        belong to another file by the time the alarm goes off.
        """
        handle = sock.dup()
        with self._lock:
            self._release()
            self._handle = handle
        self.check()

    def check(self) -> None:
        """Raise DEADLINE when time is over."""
        if self.fired:
            raise WireTrouble(WireTrouble.DEADLINE)

    def stop(self) -> None:
        """Call the alarm off and let go of the socket."""
        self._cancel()
        with self._lock:
            self._release()

    def _fire(self) -> None:
        with self._lock:
            self.fired = True
            if self._handle is not None:
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)
        self.woken.set()

    def _release(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


class _Guarded:
    """What both connection classes add: our own dialling, and the hook before the first byte."""

    auto_open = 0  # http.client would quietly connect again when a connection is gone
    dial: Callable[[], socket.socket]
    hook: Callable[[], None] | None = None
    hook_error: BaseException | None = None

    def _new_conn(self) -> socket.socket:
        return self.dial()

    def send(self, data: object) -> None:
        """Write to the socket; the first write after `hook` was set calls it before."""
        hook, self.hook = self.hook, None
        if hook is not None:
            try:
                hook()
            except BaseException as error:
                self.hook_error = error
                raise
        super().send(data)  # type: ignore[misc]  # a mixin: http.client's own send


class _Plain(_Guarded, HTTPConnection):
    pass


class _Secure(_Guarded, HTTPSConnection):
    pass


_Connection = _Plain | _Secure


class SocketWire:
    """core.world.Wire on sockets: no pool, no retries, no redirects, no unpacking, `.netrc` never read.

    `alarm(seconds, action)` starts a timer and returns what calls it off. `proxies` by scheme
    ("http", "https", "all") are http:// proxies; `no_proxy` is a list with commas, as curl reads it.
    `ca_bundle` is a file of certificates that replaces the system's.
    """

    def __init__(
        self,
        alarm: Alarm,
        *,
        resolve: Resolve = system_resolve,
        proxies: Mapping[str, str] | None = None,
        no_proxy: str = "",
        ca_bundle: str | None = None,
    ) -> None:
        self._alarm = alarm
        self._resolve = resolve
        self._proxies = dict(proxies or {})
        self._no_proxy = no_proxy
        self._ca_bundle = ca_bundle

    def call(self, call: Call) -> Reply:
        """Send it and return the answer's beginning. Raises WireTrouble, or what the call's hook raised."""
        url = _checked_url(call)
        headers = _checked_headers(call)
        return _Exchange(self, call, url, headers).run()

    @cached_property
    def context(self) -> ssl.SSLContext:
        """The TLS context, made once. Raises WireTrouble for a CA bundle that can't be read."""
        try:
            context = ssl.create_default_context(cafile=self._ca_bundle)
        except OSError:
            raise WireTrouble(WireTrouble.TLS, "the CA bundle can't be read") from None
        if not self._ca_bundle and not context.cert_store_stats()["x509_ca"]:
            import certifi  # only where the system has no store (slim containers)

            context.load_verify_locations(certifi.where())
        return context

    def proxy_for(self, scheme: str, host: str) -> Url | None:
        """The proxy that a call to this host goes through. Raises WireTrouble for one of another kind."""
        text = self._proxies.get(scheme) or self._proxies.get("all")
        if not text or bypasses_proxy(self._no_proxy, host):
            return None
        try:
            proxy = parse_url(text if "://" in text else f"http://{text}")
        except LocationParseError:
            raise WireTrouble(WireTrouble.PROXY, "its address can't be read") from None
        if proxy.scheme != "http" or not proxy.host:
            raise WireTrouble(WireTrouble.PROXY, "only http:// proxies can be used")
        return proxy

    def watchdog(self, seconds: float) -> _Watchdog:
        """A watchdog that is running."""
        return _Watchdog(self._alarm, seconds)

    def addresses(self, host: str, port: int, dog: _Watchdog) -> tuple[str, ...]:
        """A name's addresses. In a thread of its own: nothing else can end a resolver that hangs."""
        if parse_address(host) is not None:
            return (host.strip("[]"),)
        box: list[tuple[str, ...] | BaseException] = []

        def work() -> None:
            try:
                box.append(self._resolve(host, port))
            except BaseException as error:  # handed to the caller's thread
                box.append(error)
            dog.woken.set()

        threading.Thread(target=work, daemon=True).start()
        dog.woken.wait()
        dog.check()
        match box[0]:
            case OSError() | UnicodeError() | ():
                raise WireTrouble(WireTrouble.DNS, host)
            case BaseException() as error:
                raise error
            case found:
                return found


class _Exchange:
    """One call from its name to the end of its answer."""

    def __init__(self, wire: SocketWire, call: Call, url: Url, headers: HTTPHeaderDict) -> None:
        self._wire = wire
        self._call = call
        self._url = url
        self._host = (url.host or "").strip("[]")
        self._port = url.port or (443 if url.scheme == "https" else 80)
        self._headers = headers
        self._proxy = wire.proxy_for(url.scheme or "", self._host)
        self._dog = wire.watchdog(call.deadline)
        self._connection: _Connection | None = None
        self._response: BaseHTTPResponse | None = None
        self._ready = False  # connected, through the proxy and TLS: the request may be written

    def run(self) -> Reply:
        """The answer's beginning; everything is closed when there is none."""
        try:
            self._connection = self._open()
            self._ready = True
            self._dog.check()  # not later: past the hook nobody could tell that nothing was sent
            response = self._response = self._ask(self._connection)
            self._dog.check()
            return Reply(response.status, tuple(response.headers.iteritems()), self._body(response), self.close)
        except BaseException as error:
            self.close()
            trouble = self._trouble(error)
            if trouble is None:
                raise
        raise trouble

    def close(self) -> None:
        """Let go of everything; may be called twice."""
        self._dog.stop()
        if self._response is not None:
            self._response.close()
        if self._connection is not None:
            self._connection.close()

    def _open(self) -> _Connection:
        secure = self._url.scheme == "https"
        if self._proxy is None:
            targets, port = self._allowed(every=False), self._port
        else:
            self._allowed(every=True)
            port = self._proxy.port or 80
            targets = self._wire.addresses(self._proxy.host or "", port, self._dog)
        host = self._host if self._proxy is None else self._proxy.host or ""
        # A timeout is of each single read: a backstop, which must not race the watchdog.
        timeout = self._call.deadline + _BACKSTOP_SECONDS
        connection: _Connection = (
            _Secure(host, port, timeout=timeout, ssl_context=self._wire.context, proxy=self._proxy)
            if secure
            else _Plain(host, port, timeout=timeout, proxy=self._proxy)
        )
        self._connection = connection
        connection.dial = lambda: self._dial(targets, port)
        if self._proxy is not None and secure:
            connection.set_tunnel(self._host, self._port, _proxy_login(self._proxy))
        connection.connect()
        return connection

    def _allowed(self, *, every: bool) -> tuple[str, ...]:
        """The addresses that may be connected to; `every`: a proxy picks one, so all of them must be.

        Nothing is looked up where everything is allowed and a proxy does the looking up.
        """
        judge = self._call.private_ok
        if judge is None:
            return () if every else self._wire.addresses(self._host, self._port, self._dog)
        try:
            found = self._wire.addresses(self._host, self._port, self._dog)
        except WireTrouble as trouble:
            # Some networks let only the proxy resolve names: allowing the name itself is the way out.
            if every and trouble.kind == WireTrouble.DNS and judge(self._host, ""):
                return ()
            raise
        good = tuple(address for address in found if is_public(address) or judge(self._host, address))
        if not good or (every and len(good) < len(found)):
            raise WireTrouble(WireTrouble.PRIVATE, self._host)
        return good

    def _dial(self, addresses: tuple[str, ...], port: int) -> socket.socket:
        patience = max(0.05, min(_CONNECT_SECONDS, self._call.deadline / len(addresses)))
        last: OSError = ConnectionRefusedError()
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            try:
                sock = socket.socket(family, socket.SOCK_STREAM)
            except OSError as error:  # a system without IPv6
                last = error
                continue
            try:
                sock.settimeout(patience)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._dog.guard(sock)
                sock.connect((address, port))
                self._dog.check()
            except OSError as error:
                last = error
                sock.close()
            except BaseException:
                sock.close()
                raise
            else:
                sock.settimeout(self._call.deadline + _BACKSTOP_SECONDS)
                return sock
            self._dog.check()
        raise last

    def _ask(self, connection: _Connection) -> BaseHTTPResponse:
        target = self._url.request_uri
        if self._proxy is not None and self._url.scheme == "http":
            target = self._url._replace(fragment=None).url
            for name, value in _proxy_login(self._proxy).items():
                self._headers[name] = value
        connection.hook = self._call.before_first_byte
        try:
            connection.request(
                self._call.method,
                target,
                body=self._call.body,
                headers=self._headers,
                preload_content=False,
                decode_content=False,
            )
        except BrokenPipeError as error:  # a server may answer before it has read the whole body
            if error is connection.hook_error:
                raise
        return connection.getresponse()

    def _body(self, response: BaseHTTPResponse) -> Iterator[bytes]:
        try:
            for chunk in response.stream(_CHUNK, decode_content=False):
                self._dog.check()
                yield chunk
            self._dog.check()  # a socket that the watchdog shut looks like an answer's natural end
        except BaseException as error:
            trouble = self._trouble(error)
            if trouble is None:
                raise
        else:
            return
        finally:
            self.close()
        raise trouble

    def _trouble(self, error: BaseException) -> WireTrouble | None:
        """What a foreign exception means; None for those that pass as they are."""
        if self._connection is not None and error is self._connection.hook_error:
            return None
        if isinstance(error, WireTrouble) or not isinstance(error, _FOREIGN):
            return None
        if self._dog.fired:
            return WireTrouble(WireTrouble.DEADLINE, self._host)
        return WireTrouble(self._kind(error), self._host)

    def _kind(self, error: Exception) -> str:
        if isinstance(error, ssl.SSLError) and not self._ready:
            return WireTrouble.TLS
        if self._proxy is not None and not self._ready:
            return WireTrouble.PROXY
        if not self._ready and isinstance(error, OSError):
            return WireTrouble.TIMEOUT if isinstance(error, TimeoutError) else self._connect_kind(error)
        if isinstance(error, TimeoutError | ReadTimeoutError):
            return WireTrouble.TIMEOUT
        cut = OSError | ProtocolError | http.client.IncompleteRead
        return WireTrouble.CUT if isinstance(error, cut) else WireTrouble.INVALID

    def _connect_kind(self, error: OSError) -> str:
        """Reset or closed while shaking hands is TLS's; before that, nobody listens."""
        broken = isinstance(error, ConnectionResetError | BrokenPipeError | ConnectionAbortedError)
        return WireTrouble.TLS if broken and self._url.scheme == "https" else WireTrouble.REFUSED


_FOREIGN = (OSError, http.client.HTTPException, HTTPError, ValueError, TimeoutStateError)


def _checked_url(call: Call) -> Url:
    """The call's address, normalised once: what is checked is what is dialled."""
    try:
        url = parse_url(call.url)
    except LocationParseError:
        raise WireTrouble(WireTrouble.INVALID, "the address can't be read") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise WireTrouble(WireTrouble.INVALID, "not an http address")
    if url.auth is not None:
        raise WireTrouble(WireTrouble.INVALID, "the address holds a user name")
    if not _TARGET.fullmatch(url.request_uri):
        raise WireTrouble(WireTrouble.INVALID, "the address can't be read")
    return url


def _checked_headers(call: Call) -> HTTPHeaderDict:
    """The call's headers, none of which can break the request or be echoed by whoever refuses it."""
    if not _TOKEN.fullmatch(call.method):
        raise WireTrouble(WireTrouble.INVALID, "the method")
    headers = HTTPHeaderDict()
    for name, value in call.headers:
        if not _TOKEN.fullmatch(name):
            raise WireTrouble(WireTrouble.INVALID, "the name of a header")
        if _CONTROL.search(value) or any(ord(character) > 0xFF for character in value):
            raise WireTrouble(WireTrouble.INVALID, f"the value of the header {name}")
        headers.add(name, value)
    if "user-agent" not in headers:
        headers["User-Agent"] = f"crosspost/{__version__}"
    return headers


def _proxy_login(proxy: Url) -> dict[str, str]:
    if not proxy.auth:
        return {}
    login = base64.b64encode(unquote(proxy.auth).encode()).decode()
    return {"Proxy-Authorization": f"Basic {login}"}


def bypasses_proxy(no_proxy: str, host: str) -> bool:
    """Whether a list like "localhost,.example.org,10.0.0.0/8,*" keeps this host from the proxy."""
    name, address = host.strip("[]").lower().rstrip("."), parse_address(host)
    for entry in filter(None, (part.strip().lower() for part in no_proxy.split(","))):
        domain = entry.partition(":")[0].lstrip("*").lstrip(".") if entry.count(":") <= 1 else entry
        if entry == "*" or name == domain or (domain and name.endswith(f".{domain}")):
            return True
        if address is not None:
            with suppress(ValueError):
                if address in ip_network(entry, strict=False):
                    return True
    return False
