"""The ledger over https, on git's own server behind a loopback socket: where the token goes, and where it doesn't."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import trustme

from crosspost.core.delivery import Event, State
from crosspost.core.story import Batch, Put
from crosspost.errors import LedgerUnwritable
from crosspost.ledger.git.ledger import Options, create, open_ledger
from crosspost.testing.ledger_contract import a_plan, a_step, a_story

HOST = Path(__file__).resolve().parents[1] / "benchmarks" / "git_host.py"


def git_host():
    if "git_host" not in sys.modules:
        spec = spec_from_file_location("git_host", HOST)
        sys.modules["git_host"] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules["git_host"])
    return sys.modules["git_host"]


TOKEN, BASIC = git_host().TOKEN, git_host().BASIC


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def serve(bench, authority, request):
    """Starts a server of the bench's folder."""

    def start(**changes):
        server = git_host().Host(bench.folder, authority, **changes)
        request.addfinalizer(server.close)
        return server

    return start


@pytest.fixture
def world(bench, authority):
    place = bench.folder / "ca.pem"
    authority.cert_pem.write_to_path(place)
    bench.git("config", "http.receivepack", "true")

    def make(token=TOKEN):
        return bench.world(CROSSPOST_GIT_TOKEN=token, GIT_SSL_CAINFO=str(place))

    return make


def url(server):
    return f"git:{server.address}/remote.git#crosspost"


def test_a_ledger_lives_over_https_and_its_token_shows_nowhere(bench, serve, world, capfd):
    server = serve()
    ledger = create(url(server), bench.folder, world(), Options("", "one", max_age=0))
    assert ledger.append(Batch(stories=(a_story(1),), revisions=(a_plan(1),)))
    assert ledger.append(Batch(revisions=(a_step(a_plan(1), Event.BEGIN, State.SENDING),))).claims
    other = ledger.reopen(writer="two")
    assert other.sequence() == 2
    assert not ledger.append(Batch(revisions=(a_step(a_plan(1), Event.BEGIN, State.SENDING),)))

    assert set(map(tuple, server.seen)) == {(f"Basic {BASIC}",)}  # one header each time, and never a question first
    assert not any(TOKEN in word or BASIC in word for argv, _ in bench.spy.calls for word in argv)
    written = [path.read_bytes() for path in Path(bench.folder).rglob("*") if path.is_file()]
    assert len(list(bench.temporary.iterdir())) == 2  # the repositories of both openings are still there
    assert not any(TOKEN.encode() in text or BASIC.encode() in text for text in written)
    assert not any(TOKEN in text or BASIC in text for text in capfd.readouterr())
    other.close(), ledger.close()


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_token_that_is_wrong_or_missing_is_said_to_be_so_without_a_prompt(bench, serve, world, token, capfd):
    server = serve()
    with pytest.raises(LedgerUnwritable, match="no permission") as caught:
        open_ledger(url(server), bench.folder, world(token), Options())
    assert "CROSSPOST_GIT_TOKEN" in caught.value.hint
    assert capfd.readouterr() == ("", "")


def test_a_token_that_may_only_read_is_said_to_be_so(bench, serve, world):
    server = serve()
    ledger = create(url(server), bench.folder, world(), Options("", "one"))
    server.only_reading = True
    with pytest.raises(LedgerUnwritable, match="no permission"):
        ledger.put(Put("n", "v", 0))
    ledger.close()


def test_a_redirect_is_not_followed_so_no_other_host_gets_the_token(bench, serve, world):
    elsewhere = serve()
    server = serve(redirect=elsewhere.address)
    with pytest.raises(LedgerUnwritable):
        open_ledger(url(server), bench.folder, world(), Options())
    assert server.seen
    assert elsewhere.seen == []


def test_a_repository_that_is_not_there_is_said_to_be_missing_or_hidden(bench, serve, world):
    server = serve()
    address = f"git:{server.address}/nobody.git#crosspost"
    with pytest.raises(LedgerUnwritable, match="no such repository"):
        open_ledger(address, bench.folder, world(), Options())


def test_a_server_that_nobody_vouches_for_is_refused_before_the_token_leaves(bench, serve):
    server = serve()
    with pytest.raises(LedgerUnwritable):
        open_ledger(url(server), bench.folder, bench.world(CROSSPOST_GIT_TOKEN=TOKEN), Options())
    assert server.seen == []


def test_a_server_that_is_down_is_a_trouble_that_passes(bench, serve, world):
    address = "git:https://127.0.0.1:1/remote.git#crosspost"
    with pytest.raises(LedgerUnwritable, match="can't be reached") as caught:
        open_ledger(address, bench.folder, world(), Options())
    assert "next run" in caught.value.hint
