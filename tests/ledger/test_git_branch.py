"""What stands on the ledger's branch, and what an opening says of a branch that isn't as it should be."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from crosspost.core.delivery import Event, State
from crosspost.core.story import Batch, Put
from crosspost.core.world import MISSING, Ran
from crosspost.errors import (
    LedgerDamaged,
    LedgerForeign,
    LedgerMissing,
    LedgerNewer,
    LedgerUnwritable,
    RequestError,
    SettingsError,
)
from crosspost.ledger import sqlite
from crosspost.ledger.copying import copy_ledger
from crosspost.ledger.git.ledger import Options, open_ledger
from crosspost.testing.ledger_contract import a_plan, a_step, a_story, an_article
from crosspost.testing.world import SimulatedMemory

FIRST = "records/000001.jsonl"


def lines_of(bench):
    files = bench.files()
    return [line for name in sorted(files) if name.startswith("records/") for line in files[name].split(b"\n") if line]


def story(ledger, number, title=""):
    article = an_article(f"text {number}")
    plan = a_plan(number, article=article.fingerprint)
    receipt = ledger.append(Batch((a_story(number, title=title),), {}, (article,), (plan,)))
    assert receipt is not None
    return article


@pytest.fixture
def ledger(bench):
    made = bench.create()
    yield made
    made.close()


# what stands there


def test_the_branch_is_an_orphan_and_nothing_else_of_the_remote_is_touched(bench):
    bench.git("fast-import", "--quiet", data=b"commit refs/heads/main\ncommitter A <a@b> 1 +0000\ndata 1\nx\n")
    before = bench.git("rev-parse", "main")
    made = bench.create()
    story(made, 1)
    made.close()
    assert bench.git("rev-parse", "main") == before
    assert bench.git("rev-list", "--count", "crosspost") == b"2\n"
    assert bench.git("for-each-ref", "--format=%(refname)") == b"refs/heads/crosspost\nrefs/heads/main\n"
    told = bench.git("log", "--format=%an %ae %cn %ce %at %s", "crosspost").decode().splitlines()
    who = "crosspost crosspost@localhost crosspost crosspost@localhost 1772452800"
    assert told == [f"{who} Record 1 pending", f"{who} Begin the ledger"]


def test_a_line_is_json_with_the_hash_of_the_one_before_and_its_writer(bench, ledger):
    article = story(ledger, 1)
    ledger.put(Put("n", "v", 0))
    heading, first, second = lines_of(bench)
    assert json.loads(heading) == {
        "crosspost": "ledger", "format": 1, "id": ledger.id, "site": "", "made_at": "2026-03-02T12:00:00.000000+00:00",
    }  # fmt: skip
    data = json.loads(first)
    assert (data["n"], data["writer"], data["articles"]) == (1, "maker", [article.fingerprint])
    assert data["before"] == hashlib.sha256(heading).hexdigest()
    assert json.loads(second)["before"] == hashlib.sha256(first).hexdigest()
    assert json.loads(second)["values"] == [["n", "v", 0]]


def test_an_article_stands_once_in_a_file_named_by_its_fingerprint(bench, ledger):
    article = story(ledger, 1)
    ledger.append(Batch(articles=(article,)))
    name = f"articles/{article.fingerprint[:2]}/{article.fingerprint}.json"
    assert json.loads(bench.files()[name])["title"] == "text 1"
    assert b"text 1" not in bench.files()[FIRST]
    assert set(bench.files()) == {"README.md", FIRST, name}


def test_no_title_reaches_a_commits_subject(bench, ledger):
    story(ledger, 1, title="::error:: \u202e<b>@everyone")
    assert bench.git("log", "-1", "--format=%B", "crosspost").strip() == b"Record 1 pending"


def test_lines_go_into_a_new_file_at_512_kB(bench, ledger):
    for version in range(8):
        assert ledger.put(Put("n", "x" * 200_000, version))
    files = bench.files()
    sizes = {name: len(content) for name, content in files.items() if name.startswith("records/")}
    assert list(sizes) == [f"records/00000{number}.jsonl" for number in range(1, 5)]
    assert all(200_000 < size < 512_000 for size in sizes.values())
    opened = bench.open()
    assert (opened.sequence(), opened.get("n")["n"].version) == (8, 8)
    assert opened.put(Put("n", "y", 8))
    assert ledger.get("n")["n"].text == "y"
    opened.close()


@pytest.mark.parametrize("title", ["one\u2028two", "one\u2029\x85\x0b\x0c\x1ctwo", "one\r\ntwo\n"])
def test_ends_of_lines_inside_a_title_are_no_ends_of_lines(bench, ledger, title):
    story(ledger, 1, title=title)
    story(ledger, 2)
    opened = bench.open()
    assert [record.story.title for record in opened.open()] == [title, "Story 2"]
    opened.close()


def test_everything_is_found_again_by_the_next_runner(bench, ledger):
    article = story(ledger, 1)
    begun = a_step(a_plan(1, article=article.fingerprint), Event.BEGIN, State.SENDING)
    ledger.append(Batch(revisions=(begun,)))
    ledger.append(Batch(identities={"link:1": "story0001"}))
    opened = bench.open()
    assert opened.id == ledger.id
    assert opened.open() == ledger.open()
    assert opened.open()[0].article == article
    assert opened.history() == ledger.history()
    assert opened.find(["link:1"]).owners["link:1"].number == 1
    opened.close()


def test_an_append_is_one_push_and_reads_are_none(bench):
    ledger = bench.create(max_age=60)
    bench.spy.calls.clear()
    story(ledger, 1)
    ledger.open(), ledger.get(""), ledger.history(), ledger.find(["guid:1"]), ledger.current(["story0001"])
    assert (bench.spy.count("push"), bench.spy.count("fetch"), bench.spy.count("ls-remote")) == (1, 0, 0)
    bench.clock.advance(timedelta(seconds=61))
    ledger.open(), ledger.get("")
    assert (bench.spy.count("push"), bench.spy.count("fetch"), bench.spy.count("ls-remote")) == (1, 0, 1)
    ledger.close()


def test_a_remote_that_is_down_for_a_moment_leaves_the_reads_as_they_were(bench):
    ledger = bench.create(max_age=60)
    story(ledger, 1)
    bench.remote.rename(bench.folder / "away")
    bench.clock.advance(timedelta(seconds=61))
    assert len(ledger.open()) == 1
    with pytest.raises(LedgerUnwritable):
        ledger.put(Put("n", "v", 0))
    (bench.folder / "away").rename(bench.remote)
    assert ledger.put(Put("n", "v", 0))
    ledger.close()


def test_nothing_is_left_behind(bench):
    made = bench.create()
    assert len(list(bench.temporary.iterdir())) == 1
    made.close()
    bench.open().close()
    with pytest.raises(RequestError):
        bench.create()
    bench.url = "git:remote.git#nobody"
    with pytest.raises(LedgerMissing):
        bench.open()
    assert list(bench.temporary.iterdir()) == []


# a preview


def test_a_preview_pushes_nothing_remembers_nothing_and_leaves_nothing(bench, ledger):
    story(ledger, 1)
    tip = bench.tip()
    machine = bench.other_machine(memory=SimulatedMemory())
    opened = machine.open(read_only=True)
    assert len(opened.open()) == 1
    with pytest.raises(LedgerUnwritable):
        opened.put(Put("n", "v", 0))
    opened.close()
    assert bench.tip() == tip
    assert machine.memory.heads == {}
    assert machine.spy.count("push") == 0


# making one


def test_a_ledger_is_never_made_over_another(bench, ledger):
    tip = bench.tip()
    with pytest.raises(RequestError, match="already") as caught:
        bench.create()
    assert caught.value.code == "ledger-exists"
    assert bench.tip() == tip


def test_a_ledger_is_never_made_over_something_else(bench):
    bench.commit({"index.html": b"<p>our site</p>"}, parent="")
    tip = bench.tip()
    with pytest.raises(LedgerForeign):
        bench.create()
    assert bench.tip() == tip


def test_of_two_that_make_one_the_second_is_refused(bench):
    def meanwhile(argv):
        if argv[1] == "push" and bench.spy.count("push") == 1:
            bench.other_machine().create("first").close()

    bench.spy.before = meanwhile
    with pytest.raises(RequestError, match="already"):
        bench.create("second")
    opened = bench.open()
    assert json.loads(lines_of(bench)[0])["id"] == opened.id
    opened.close()


def test_a_site_has_a_branch_of_its_own(bench, ledger):
    with pytest.raises(LedgerMissing, match='"en"'):
        bench.open(site="en")


# what isn't as it should be


def test_a_missing_branch_is_no_first_run(bench):
    with pytest.raises(LedgerMissing, match="no such branch") as caught:
        bench.open()
    assert "init" in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_branch_that_is_deleted_is_missing(bench, ledger):
    story(ledger, 1)
    bench.git("update-ref", "-d", "refs/heads/crosspost")
    with pytest.raises(LedgerMissing):
        ledger.open()
    with pytest.raises(LedgerMissing):
        bench.open()


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"no json\n", b"[1]\n", b"7\n", b'{"a": 1}\n', b'{"crosspost": "x"}\n', b"[" * 100_000]
)
def test_a_branch_that_holds_something_else_is_foreign(bench, content):
    bench.commit({FIRST: content}, parent="")
    with pytest.raises(LedgerForeign):
        bench.open()


def test_a_newer_format_is_refused(bench, ledger):
    bench.commit({FIRST: bench.files()[FIRST].replace(b'"format":1', b'"format":2')})
    with pytest.raises(LedgerNewer, match="newer"):
        bench.open()


def test_unknown_keys_of_a_later_crosspost_are_passed_over(bench):
    heading = b'{"crosspost":"ledger","format":1,"id":"i","made_at":"2026-01-01T00:00:00+00:00","more":1}\n'
    line = {"n": 1, "before": hashlib.sha256(heading[:-1]).hexdigest(), "writer": "w", "more": {}}
    line |= {"at": "2026-01-01T00:00:00+00:00", "values": [["n", "v", 0]]}
    bench.commit({FIRST: heading + json.dumps(line).encode() + b"\n"}, parent="")
    opened = bench.open()
    assert opened.get("")["n"].text == "v"
    opened.close()


def spoil_middle(files):
    return {FIRST: files[FIRST].replace(b'"Story 1"', b'"Story X"')}


def spoil_order(files):
    heading, one, two, three, _ = files[FIRST].split(b"\n")
    return {FIRST: b"\n".join([heading, one, three, two, b""])}


def spoil_gap(files):
    heading, one, _, three, _ = files[FIRST].split(b"\n")
    return {FIRST: b"\n".join([heading, one, three, b""])}


def spoil_end(files):
    return {FIRST: files[FIRST][:-20]}


def spoil_newline(files):
    return {FIRST: files[FIRST][:-1]}


def spoil_rules(files):
    last = files[FIRST].split(b"\n")[-2]
    again = json.loads(last) | {"n": 4, "before": hashlib.sha256(last).hexdigest()}
    return {FIRST: files[FIRST] + json.dumps(again).encode() + b"\n"}


def spoil_file(files):
    return {"records/000003.jsonl": b"x\n"}


def spoil_types(files):
    last = files[FIRST].split(b"\n")[-2]
    junk = {"n": 4, "before": hashlib.sha256(last).hexdigest(), "writer": "w", "at": json.loads(last)["at"]}
    return {FIRST: files[FIRST] + json.dumps(junk | {"values": [[["list"], {}, 0]]}).encode() + b"\n"}


def spoil_json(files):
    return {FIRST: files[FIRST] + b"[" * 100_000 + b"\n"}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (spoil_middle, "ledger-rewritten"),
        (spoil_order, "ledger-rewritten"),
        (spoil_gap, "ledger-rewritten"),
        (spoil_end, "ledger-damaged"),
        (spoil_newline, "ledger-damaged"),
        (spoil_rules, "ledger-damaged"),
        (spoil_file, "ledger-damaged"),
        (spoil_types, "ledger-damaged"),
        (spoil_json, "ledger-damaged"),
    ],
)
def test_what_somebody_did_to_the_branch_by_hand_is_noticed(bench, spoil, code):
    made = bench.create()
    for number in (1, 2, 3):
        story(made, number)
    made.close()
    bench.commit(spoil(bench.files()))
    with pytest.raises(LedgerDamaged) as caught:
        bench.open()
    assert caught.value.code == code
    assert caught.value.hint
    assert list(bench.temporary.iterdir()) == []


def test_an_article_that_was_changed_is_noticed_when_it_is_read(bench, ledger):
    article = story(ledger, 1)
    name = f"articles/{article.fingerprint[:2]}/{article.fingerprint}.json"
    bench.commit({name: bench.files()[name].replace(b"text 1", b"text 2")})
    opened = bench.open()
    with pytest.raises(LedgerDamaged, match="article"):
        opened.open()
    opened.close()


def test_an_article_that_was_pruned_is_none(bench, ledger):
    article = story(ledger, 1)
    bench.commit({f"articles/{article.fingerprint[:2]}/{article.fingerprint}.json": None})
    opened = bench.open()
    assert opened.open()[0].article is None
    opened.close()


def test_a_note_beside_the_records_does_no_harm(bench, ledger):
    story(ledger, 1)
    bench.commit({"README.md": b"mine", "notes/a.txt": b"b"})
    story(ledger, 2)
    assert bench.files()["README.md"] == b"mine"
    opened = bench.open()
    assert opened.sequence() == 2
    opened.close()


def test_a_branch_put_back_under_a_running_one_is_noticed(bench, ledger):
    story(ledger, 1)
    old = bench.tip()
    story(ledger, 2)
    bench.git("update-ref", "refs/heads/crosspost", old)
    with pytest.raises(LedgerDamaged) as caught:
        ledger.open()
    assert caught.value.code == "ledger-rewritten"


def test_another_past_of_the_same_length_under_a_running_one_is_noticed(bench, ledger):
    story(ledger, 1)
    old = bench.tip()
    story(ledger, 2)
    bench.git("update-ref", "refs/heads/crosspost", old)
    stranger = bench.other_machine().open("stranger")
    story(stranger, 2)
    story(stranger, 3)
    stranger.close()
    with pytest.raises(LedgerDamaged):
        ledger.put(Put("n", "v", 0))


def test_a_machine_remembers_the_head_and_notices_a_tail_that_was_cut_off(bench):
    bench.memory = SimulatedMemory()
    ledger = bench.create()
    story(ledger, 1)
    old = bench.tip()
    story(ledger, 2)
    ledger.close()
    bench.open().close()
    bench.git("update-ref", "refs/heads/crosspost", old)
    with pytest.raises(LedgerDamaged, match="rewritten") as caught:
        bench.open()
    assert caught.value.exit_code == 2
    bench.other_machine(memory=SimulatedMemory()).open().close()  # another one can't know


def test_a_machine_remembers_the_head_and_notices_another_past_that_is_longer(bench):
    bench.memory = SimulatedMemory()
    ledger = bench.create()
    story(ledger, 1)
    old = bench.tip()
    story(ledger, 2)
    ledger.close()
    bench.git("update-ref", "refs/heads/crosspost", old)
    stranger = bench.other_machine(memory=SimulatedMemory()).open("stranger")
    for number in (2, 3, 4):
        story(stranger, number)
    stranger.close()
    with pytest.raises(LedgerDamaged, match="rewritten"):
        bench.open()


def test_what_this_machine_remembers_is_no_plain_sequence_of_the_pass(bench):
    bench.memory = SimulatedMemory()
    ledger = bench.create()
    story(ledger, 1)
    assert bench.memory.recall(ledger.id) is None
    ledger.close()


# the remote


def test_a_folder_that_is_no_repository_is_said_to_be_none(bench):
    (bench.folder / "plain").mkdir()
    bench.url = "git:./plain#crosspost"
    with pytest.raises(LedgerUnwritable, match="repository") as caught:
        bench.open()
    assert caught.value.hint


def test_a_folder_that_is_not_there_is_a_mistake_in_the_settings(bench):
    bench.url = "git:./nowhere.git#crosspost"
    with pytest.raises(SettingsError, match="no folder") as caught:
        bench.open()
    assert "git init --bare" in caught.value.hint


def test_the_name_of_a_remote_is_the_projects(bench):
    bench.create().close()
    project = bench.folder / "project"
    (project / "sub").mkdir(parents=True)
    bench.git("-C", str(project), "init", "--quiet")
    bench.git("-C", str(project), "remote", "add", "origin", str(bench.remote))
    for base in (project, project / "sub"):
        opened = open_ledger("git:origin#crosspost", base, bench.world(), Options(writer="w"))
        assert opened.sequence() == 0
        opened.close()


def test_a_checkouts_files_and_index_stay_as_they_are(bench):
    """The remote may be the very checkout that the settings stand in."""
    checkout = bench.folder / "checkout"
    bench.git("init", "--quiet", str(checkout))
    (checkout / "a.txt").write_text("staged")
    bench.git("-C", str(checkout), "add", "a.txt")
    bench.url = "git:./checkout#crosspost"
    made = bench.create()
    story(made, 1)
    made.close()
    assert bench.git("-C", str(checkout), "status", "--porcelain") == b"A  a.txt\n"
    assert sorted(path.name for path in checkout.iterdir()) == [".git", "a.txt"]


def test_a_machine_without_git_is_told_so(bench):
    bench.spy.before = lambda argv: Ran(MISSING)
    with pytest.raises(LedgerUnwritable, match="git isn't installed") as caught:
        bench.open()
    assert "Install" in caught.value.hint


def test_an_old_copy_of_the_batch_is_judged_by_what_others_wrote(bench, ledger):
    """A story that only another opening has recorded is no bug."""
    other = bench.other_machine().open("other", max_age=1_000)
    story(ledger, 1)
    assert other.append(Batch(revisions=(a_step(a_plan(1), Event.EDIT, State.PENDING),)))
    assert other.append(Batch(stories=(replace(a_story(1), id="x"),))) is None
    with pytest.raises(ValueError):
        other.append(Batch(identities={"guid:9": "nobody"}))
    other.close()


def test_a_ledger_is_copied_to_a_branch_and_back(bench, ledger):
    origin = sqlite.create(":memory:", token=lambda: "a" * 32, now=bench.clock.now(), writer="w")
    for number in range(1, 121):
        story(origin, number, title=f"one\u2028two {number}")
    origin.put(Put("feed:site", "{}", 0))
    copied = copy_ledger(origin, ledger)
    assert (copied.stories, copied.revisions) == (120, 120)
    assert ledger.sequence() == 4  # 50 stories a push, and the keyed values
    back = sqlite.create(":memory:", token=lambda: "b" * 32, now=bench.clock.now(), writer="w")
    opened = bench.open(read_only=True)
    copy_ledger(opened, back)
    opened.close()
    assert back.history() == origin.history()
    origin.close(), back.close()
