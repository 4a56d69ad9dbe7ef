"""Reading feeds and finding them, over a real loopback server."""

from __future__ import annotations

import gzip
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crosspost.core.policy import Feed
from crosspost.core.world import Reply, WireTrouble
from crosspost.errors import FeedError
from crosspost.feed.discover import discover
from crosspost.feed.fetch import Fetched, Validators, fetch, older
from crosspost.feed.source import load
from crosspost.net.wire import SocketWire

BODY = (Path(__file__).parent.parent / "feeds" / "wordpress.xml").read_bytes()
LOCAL = ("127.0.0.1",)
XML = {"Content-Type": "application/rss+xml; charset=UTF-8"}


class RealClock:
    monotonic = staticmethod(time.monotonic)


def alarm(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


class CannedWire:
    """Answers by address; what isn't there has no DNS entry."""

    def __init__(self, pages):
        self.pages = pages
        self.calls = []

    def call(self, call):
        self.calls.append(call)
        page = self.pages.get(call.url)
        if page is None:
            raise WireTrouble(WireTrouble.DNS, "foreign words")
        if isinstance(page, Exception):
            raise page
        status, headers, body = page
        return Reply(status, tuple(headers.items()), iter((body,)))


@pytest.fixture
def site():
    """A server: `site.pages[path]` is (status, headers, body), or what a callable makes of the request."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.seen.append((self.path, dict(self.headers)))
            page = server.pages.get(self.path, (404, {"Content-Type": "text/html"}, b"<html>no</html>"))
            status, headers, body = page(self) if callable(page) else page
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers and status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that hangs up is what is tested
    server.pages, server.seen = {}, []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def feed(site, path="/feed/"):
    return Feed("site", site.url + path)


def get(feed, validators=None, allow_private=LOCAL, **options):
    return fetch(SocketWire(alarm), RealClock(), feed, validators, allow_private, **options)


def error(feed, validators=None, **options):
    with pytest.raises(FeedError) as caught:
        get(feed, validators, **options)
    return caught.value


def test_a_feed_comes_with_its_validators(site):
    headers = {**XML, "ETag": '"abc"', "Last-Modified": "Mon, 02 Nov 2026 09:30:00 GMT"}
    site.pages["/feed/"] = (200, headers, BODY)
    fetched = get(feed(site))
    assert (fetched.status, fetched.body, fetched.unchanged, fetched.url) == (200, BODY, False, feed(site).url)
    assert fetched.content_type == "application/rss+xml; charset=UTF-8"
    assert fetched.validators == Validators('"abc"', "Mon, 02 Nov 2026 09:30:00 GMT", feed(site).url)


def apache(handler):
    """WordPress behind Apache: packed bodies get another ETag, which WordPress doesn't know again."""
    known = handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")
    headers = {**XML, "Last-Modified": "Mon, 02 Nov 2026 09:30:00 GMT"}
    if known == ('"abc"', "Mon, 02 Nov 2026 09:30:00 GMT"):
        return 304, {}, b""
    return 200, {**headers, "ETag": '"abc-gzip"', "Content-Encoding": "gzip"}, gzip.compress(BODY)


def test_an_unchanged_feed_behind_apache_is_told_by_304(site):
    site.pages["/feed/"] = apache
    first = get(feed(site))
    assert (first.unchanged, first.body) == (False, BODY)
    kept = Validators.load(first.validators.dump())
    second = get(feed(site), kept)
    assert (second.status, second.unchanged, second.body) == (304, True, b"")
    assert second.validators == kept


@pytest.mark.parametrize(
    ("etag", "sent"),
    [
        ('"a-gzip"', '"a"'),
        ('W/"a"', 'W/"a"'),
        ('W/"a-br"', 'W/"a"'),
        ('"a;gzip"', '"a"'),
        ('"gzip-a"', '"gzip-a"'),
        ('"a', None),
        ('"a"\r\nX: y', None),
    ],
)
def test_an_etag_goes_back_without_what_packing_added(site, etag, sent):
    site.pages["/feed/"] = (200, XML, BODY)
    get(feed(site), Validators(etag, ""))
    assert site.seen[0][1].get("If-None-Match") == sent


def test_validators_of_another_address_are_not_sent(site):
    """WordPress makes the ETag from a date: a tag's feed and the site's have the same."""
    site.pages["/feed/"] = (200, XML, BODY)
    get(feed(site), Validators('"abc"', "", "https://example.org/tag/river/feed/"))
    assert "If-None-Match" not in site.seen[0][1]


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"etag": 1, "last_modified": "", "url": ""}', '"x"'])
def test_validators_that_cannot_be_read_are_none(text):
    assert Validators.load(text) is None


def test_a_feed_without_validators_is_read_whole_each_time(site):
    site.pages["/feed/"] = (200, XML, BODY)
    assert get(feed(site)).validators is None


def test_a_304_that_nobody_asked_for_is_an_error(site):
    site.pages["/feed/"] = (304, {}, b"")
    assert error(feed(site)).code == "feed-status"


@pytest.mark.parametrize("status", [404, 410, 403, 401, 429, 500, 503])
def test_an_error_page_names_the_feed_and_the_status(site, status):
    site.pages["/feed/"] = (status, {"Content-Type": "text/html"}, b"<html>Sorry</html>")
    found = error(feed(site), Validators('"abc"', ""))
    assert (found.code, found.status) == ("feed-status", status)
    assert f'Feed "site" ({site.url}/feed/) answered with status {status}' in found.message
    assert found.hint


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (
            (200, {"Content-Type": "text/html"}, b"<!doctype html><title>Just a\nmoment\x1b[31m\xe2\x80\xae</title>"),
            "feed-html",
            "web page (“Just a moment[31m”) instead of a feed",
        ),
        ((200, XML, b"<!doctype html><p>Soon"), "feed-html", "a web page instead of a feed"),
        ((200, {"Content-Type": "text/html"}, b"<center>Soon"), "feed-html", "a web page instead"),
        ((200, XML, b""), "feed-empty", "sent nothing"),
        ((200, {**XML, "Content-Encoding": "gzip"}, b""), "feed-empty", "sent nothing"),
        ((200, XML, b"Fatal error: out of memory"), "feed-garbage", "sent something that is no feed"),
        ((200, XML, b"<opml version='1'/>"), "feed-garbage", "a <opml> document"),
        ((200, XML, BODY[:-20]), "feed-cut", "broke off in the middle"),
        ((200, {**XML, "Content-Length": str(len(BODY) + 9), "Connection": "close"}, BODY), "feed-cut", "broke off"),
        ((200, {**XML, "Content-Encoding": "gzip"}, gzip.compress(BODY)[:-30]), "feed-cut", "breaks off"),
        (
            (200, {**XML, "Content-Encoding": "gzip"}, gzip.compress(b" " * 11_000_000)),
            "feed-too-large",
            "10,000,000 bytes",
        ),
        ((302, {"Location": "/feed/"}, b""), "feed-unreachable", "redirects more than 5 times"),
        ((302, {"Location": "http://10.0.0.1/feed/"}, b""), "feed-private", "10.0.0.1"),
    ],
)
def test_what_is_no_good_feed_is_an_error_that_names_what_came(site, answer, code, words):
    def page(handler):
        handler.close_connection = True
        return answer

    site.pages["/feed/"] = page
    found = error(feed(site))
    assert found.code == code
    assert words in found.message
    assert found.message.startswith(f'Feed "site" ({site.url}/feed/) ')
    assert found.message.isprintable() and found.hint


def test_a_feed_that_leaves_https_is_refused_with_what_to_do():
    wire = CannedWire({"https://example.org/feed/": (301, {"Location": "http://example.org/feed/"}, b"")})
    with pytest.raises(FeedError) as caught:
        fetch(wire, RealClock(), Feed("site", "https://example.org/feed/"), None)
    assert "redirects from https to http" in caught.value.message
    assert "stays on https" in caught.value.hint


def test_a_feed_that_is_slow_is_an_error():
    wire = CannedWire({"https://example.org/feed/": WireTrouble(WireTrouble.DEADLINE)})
    with pytest.raises(FeedError) as caught:
        fetch(wire, RealClock(), Feed("site", "https://example.org/feed/"), None)
    assert caught.value.code == "feed-slow"


def test_a_feed_that_is_served_as_html_is_a_feed_all_the_same(site):
    site.pages["/feed/"] = (200, {"Content-Type": "text/html"}, BODY)
    assert get(feed(site)).body == BODY


def test_no_error_prints_a_secret_of_the_address():
    wire = CannedWire({})
    with pytest.raises(FeedError) as caught:
        fetch(wire, RealClock(), Feed("site", "https://example.org/feed/?key=hunter2"), None)
    assert caught.value.code == "feed-unreachable"
    assert (
        caught.value.message
        == 'Feed "site" (https://example.org/feed/?…) can\'t be read, example.org: this name has no address.'
    )
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_a_private_feed_is_read_only_when_it_is_allowed_or_typed(site):
    site.pages["/feed/"] = (200, XML, BODY)
    found = error(feed(site), allow_private=())
    assert found.code == "feed-private" and "allow_private" in found.hint
    assert get(feed(site), allow_private=(), typed=True).body == BODY


def test_older_pages_are_read_until_the_end(site):
    site.pages["/feed/?paged=2"] = (200, XML, BODY)
    site.pages["/feed/?paged=3"] = (404, XML, BODY)
    site.pages["/feed/?paged=4"] = (500, XML, b"")
    site.pages["/?feed=rss2&paged=2"] = (200, XML, BODY)
    wire, clock = SocketWire(alarm), RealClock()
    assert older(wire, clock, feed(site), 2, LOCAL).body == BODY
    assert older(wire, clock, feed(site), 3, LOCAL) is None
    assert older(wire, clock, feed(site, "/?feed=rss2"), 2, LOCAL).body == BODY
    with pytest.raises(FeedError):
        older(wire, clock, feed(site), 4, LOCAL)


# --- discovery -------------------------------------------------------------------------------------------


def page(*links, title="River &amp; Shore"):
    inner = "".join(f"<link {link}>" for link in links)
    return (
        200,
        {"Content-Type": "text/html; charset=UTF-8"},
        f"<html><head><title>{title}</title>{inner}</head></html>".encode(),
    )


RSS = 'rel="alternate" type="application/rss+xml"'


def find(site, path="", **options):
    return discover(SocketWire(alarm), RealClock(), site.url + path, **options)


def test_the_address_may_be_the_feed_itself(site):
    site.pages["/feed/"] = (200, {**XML, "ETag": '"a"'}, BODY)
    found = find(site, "/feed/")
    assert (found.feed_url, found.title, found.fetched.body) == (site.url + "/feed/", "River & Shore", BODY)
    assert found.fetched.validators.etag == '"a"'


def test_a_pages_own_link_is_followed_and_the_comments_feed_is_not(site):
    site.pages["/"] = page(
        f'{RSS} title="River &raquo; Comments Feed" href="/comments/feed/"',
        f'{RSS} title="River &raquo; Kommentar-Feed" href="/k/"',
        'rel="alternate" type="application/json+oembed" href="/oembed"',
        'rel="alternate" hreflang="fr" href="/fr/"',
        'rel="self" type="application/rss+xml" href="http://127.0.0.1/feed/"',
        f'{RSS} href="news.xml"',
    )
    site.pages["/news.xml"] = (200, XML, BODY)
    found = find(site)
    assert (found.feed_url, found.title) == (site.url + "/news.xml", "River & Shore")
    assert [path for path, _ in site.seen] == ["/", "/news.xml"]


def test_a_page_that_names_no_feed_has_it_at_the_usual_place(site):
    site.pages["/blog"] = page()
    site.pages["/blog/feed/"] = (200, XML, BODY)
    assert find(site, "/blog").feed_url == site.url + "/blog/feed/"
    site.pages["/?lang=fr"] = page()
    site.pages["/feed/"] = (200, XML, BODY)
    assert find(site, "/?lang=fr").feed_url == site.url + "/feed/"


def test_a_named_feed_that_fails_is_not_the_end(site):
    site.pages["/"] = page(f'{RSS} href="/gone.xml"', f'{RSS} href="javascript:x"')
    site.pages["/feed/"] = (200, XML, BODY)
    assert find(site).feed_url == site.url + "/feed/"


def test_a_base_address_counts(site):
    site.pages["/"] = (200, {}, f'<html><base href="{site.url}/sub/"><link {RSS} href="f.xml">'.encode())
    site.pages["/sub/f.xml"] = (200, XML, BODY)
    assert find(site).feed_url == site.url + "/sub/f.xml"


def test_a_site_without_a_feed_is_an_error_that_names_what_was_tried(site):
    site.pages["/"] = page(f'{RSS} href="/gone.xml"')
    with pytest.raises(FeedError) as caught:
        find(site)
    assert caught.value.code == "feed-none"
    assert "/gone.xml" in caught.value.message and "/feed/" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((403, {}, b"no"), "feed-status"),
        ((200, XML, b""), "feed-empty"),
        ((200, XML, BODY[:-20]), "feed-cut"),
        ((200, {}, b"words"), "feed-garbage"),
    ],
)
def test_what_the_address_itself_answered_is_told_where_it_is_no_page(site, answer, code):
    site.pages["/x"] = answer
    with pytest.raises(FeedError) as caught:
        find(site, "/x")
    assert caught.value.code == code


def test_a_page_may_not_lead_to_another_private_server(site):
    site.pages["/"] = page(f'{RSS} href="http://localhost:{site.server_port}/secret.xml"')
    with pytest.raises(FeedError):
        find(site)
    assert "/secret.xml" not in [path for path, _ in site.seen]


def test_a_site_that_nobody_typed_may_not_be_private(site):
    site.pages["/"] = page(f'{RSS} href="/feed/"')
    with pytest.raises(FeedError) as caught:
        find(site, typed=False)
    assert caught.value.code == "feed-private"


def test_a_missing_scheme_is_https():
    wire = CannedWire(
        {"https://example.org/": page(f'{RSS} href="/feed/"'), "https://example.org/feed/": (200, XML, BODY)}
    )
    assert discover(wire, RealClock(), " example.org ").feed_url == "https://example.org/feed/"


def test_a_missing_scheme_is_http_where_https_is_not_there():
    wire = CannedWire(
        {"https://localhost:8000/": WireTrouble(WireTrouble.TLS), "http://localhost:8000/": (200, XML, BODY)}
    )
    assert discover(wire, RealClock(), "localhost:8000").feed_url == "http://localhost:8000/"


def test_an_error_without_a_scheme_names_both_addresses():
    with pytest.raises(FeedError) as caught:
        discover(CannedWire({}), RealClock(), "example.org")
    assert "https://example.org" in caught.value.message and "http://example.org" in caught.value.message


def test_a_site_that_answers_on_https_is_not_asked_again_on_http():
    wire = CannedWire({"https://example.org/": (403, {}, b""), "https://example.org/feed/": (403, {}, b"")})
    with pytest.raises(FeedError) as caught:
        discover(wire, RealClock(), "example.org")
    assert caught.value.code == "feed-status"
    assert not [call for call in wire.calls if call.url.startswith("http:")]


def test_a_link_to_http_on_a_secure_page_is_tried_on_https_first():
    wire = CannedWire(
        {
            "https://example.org/": page(f'{RSS} href="http://example.org/feed/"'),
            "https://example.org/feed/": (200, XML, BODY),
        }
    )
    assert discover(wire, RealClock(), "https://example.org/").feed_url == "https://example.org/feed/"


@pytest.mark.parametrize("site", ["ftp://example.org/", "http://", "https://u:hunter2@example.org/", "", "http://[::1"])
def test_what_is_no_web_address_is_an_error(site):
    with pytest.raises(FeedError) as caught:
        discover(CannedWire({}), RealClock(), site)
    assert "hunter2" not in caught.value.message


# --- what preview is given ---------------------------------------------------------------------------------


def loaded(argument, stdin=b"", files=None, wire=None):
    files = files or {}
    return load(argument, lambda: stdin, files.get, wire=wire or CannedWire({}), clock=RealClock())


def test_a_dash_is_standard_input():
    source = loaded("-", stdin=BODY)
    assert (source.feed, source.fetched) == (Feed("standard input", ""), Fetched(200, "", BODY, "", None))


def test_a_name_that_is_a_file_is_the_file():
    source = loaded("example.org", files={"example.org": BODY})
    assert (source.feed.name, source.fetched.body) == ("example.org", BODY)


@pytest.mark.parametrize("argument", ["/tmp/feed", "./feed", "feed.xml", "~/x", "C:\\feed.xml", ""])
def test_a_file_that_is_not_there_is_an_error(argument):
    with pytest.raises(FeedError) as caught:
        loaded(argument)
    assert caught.value.code == "feed-file"


@pytest.mark.parametrize("argument", ["https://example.org/feed.xml", "example.org/feed.xml"])
def test_anything_else_is_an_address(argument):
    source = loaded(argument, wire=CannedWire({"https://example.org/feed.xml": (200, XML, BODY)}))
    assert source.feed == Feed("example.org", "https://example.org/feed.xml")
    assert source.fetched.url == source.feed.url


def test_a_file_that_cannot_be_read_is_an_error_without_foreign_text():
    def refuse(name):
        raise PermissionError(13, "Permission denied", name)

    with pytest.raises(FeedError) as caught:
        load("x.xml", bytes, refuse, wire=CannedWire({}), clock=RealClock())
    assert caught.value.message == 'Feed "x.xml" can\'t be read: Permission denied.'


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "feed-empty"), (BODY[:-20], "feed-cut"), (b"<html>", "feed-html"), (b" " * 10_000_001, "feed-too-large")],
)
def test_a_file_is_judged_like_a_feed(body, code):
    with pytest.raises(FeedError) as caught:
        loaded("-", stdin=body)
    assert caught.value.code == code
