"""From an empty folder to a published post, as a person types it; sockets and ledger are real."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from crosspost.app import SETTINGS

AWKWARD = [
    ("हेल्पलाइन मार्गदर्शिका अब हिंदी में भी", "<p>मार्गदर्शिका अब हिंदी में उपलब्ध है। इसे पुणे की स्वयंसेविकाओं ने तीन महीने में तैयार किया।</p>", "प्रशिक्षण"),
    ("لكل فتاة الحق في أن تبدأ يومها بلا خوف", "<p>افتتحت ثلاثة ملاجئ للفتيات هذا الأسبوع في ليون. في كل ملجأ مكان لاثنتي عشرة فتاة ومحامية.</p>", "حقوق"),
    ("A family 👩‍👩‍👧‍👦 walks with us 🏳️‍🌈", "<p>Families 👩‍👩‍👧‍👦 walked with lanterns 👩🏽‍⚕️ on Saturday evening. 🏳️‍🌈 Thank you!</p>", "Community"),
    ("Le cafe\u0301 des re\u0301fugie\u0301es", "<p>Le cafe\u0301 des re\u0301fugie\u0301es ouvre a\u0300 Orle\u0301ans : tout le monde y est bienvenu chaque samedi matin.</p>", "France"),
    ("Rights &amp;amp; money: 1 &amp;lt; 2", "<p>Rights &amp;amp; money belong together, says our new paper on budgets &amp; &quot;care&quot;.</p>", "Q&amp;A"),
    ("A very long title " + "that goes on and on " * 14, "<p>The text below the title is short, and says what it is about.</p>", "Long"),
]  # fmt: skip


def test_from_an_empty_folder_to_a_published_post(crosspost, server, keys, accounts, folder):
    made = crosspost(
        *("init", server.site_url, "--yes", "--campaign", "#LastGirlFirst", "--timezone", "Europe/Paris"),
        *("--publish-latest", "2"),
    )
    assert made.code == 0, made.err
    assert "Halden Bridge Coalition: 10 stories" in made.out and "crosspost check" in made.out
    checked = crosspost("check")
    assert checked.code == 0, checked.out
    assert "All is well." in checked.out and "SANDBOX: x is http://127.0.0.1" in checked.err
    seen = json.loads(crosspost("preview", "--json").out)
    going = {(post["target"], post["number"]): post for post in seen["posts"]}
    assert len(going) == 4
    done = crosspost("run", "--json")
    assert done.code == 0, done.err
    published = json.loads(done.out)["published"]
    assert {(post["target"], post["number"]) for post in published} == set(going)
    assert len(accounts.x[0].timeline()) == len(accounts.facebook[0].timeline()) == 2
    assert "Nothing is open" in crosspost("status").out
    told = crosspost("history")
    assert told.code == 0
    assert all(post["url"] in told.out for post in published)
    again = crosspost("run")
    assert (again.code, "nothing to do" in again.out) == (0, True)
    assert len(accounts.x[0].timeline()) == 2


def test_what_preview_shows_is_what_arrives_byte_for_byte(crosspost, installed, accounts, news):
    news(*AWKWARD)
    seen = json.loads(crosspost("preview", "--json").out)["posts"]
    assert len(seen) == 2 * len(AWKWARD)
    assert crosspost("run").code == 0
    shown = {name: [post for post in seen if post["target"] == name] for name in ("x", "facebook")}
    on_x, on_facebook = accounts.x[0].timeline(), accounts.facebook[0].timeline()
    assert sorted(post["text"].encode() for post in shown["x"]) == sorted(post.text.encode() for post in on_x)
    assert sorted((post["text"].encode(), post["link"].encode()) for post in shown["facebook"]) == sorted(
        (post.text.encode(), post.link.encode()) for post in on_facebook
    )


def test_preview_changes_nothing(crosspost, installed, accounts, news, story, folder):
    news(story)

    def everything() -> tuple[list[str], list[str]]:
        with sqlite3.connect(f"file:{folder}/crosspost.db?mode=ro", uri=True) as book:
            dump = list(book.iterdump())
        book.close()
        places = [folder, folder.parent / "state"]
        names = sorted(
            f"{path} {path.stat().st_size}"
            for place in places
            for path in place.rglob("*")
            if not path.name.endswith(("-wal", "-shm"))
        )
        return dump, names

    before = everything()
    for args in (["preview"], ["preview", "--json", "--all"], ["run", "--dry-run"], ["status"], ["history"]):
        assert crosspost(*args).code == 0
    assert everything() == before
    assert not accounts.x[0].timeline()


def test_preview_of_a_site_needs_nothing_and_leaves_nothing(crosspost, server, folder):
    ran = crosspost("preview", server.site_url, "--json", "--campaign", "LastGirlFirst")
    every = json.loads(ran.out)["posts"]
    posts = [post for post in every if post["platform"] in {"x", "facebook"}]  # others may be installed beside them
    assert ran.code == 0 and len(posts) == 20
    assert sum(post["reason_code"] == "due" for post in posts) == 6  # three on each account
    assert all("#LastGirlFirst" in post["text"] and post["number"] is None for post in posts)
    assert not list(folder.iterdir())


def test_preview_of_a_file_with_old_news_shows_the_newest_and_says_why(crosspost, folder, feed, story):
    from datetime import timedelta

    other = ("An older story", "<p>Nobody needs to see this one any more, it is so old.</p>", "")
    Path("old.xml").write_bytes(feed(story, other, age=timedelta(days=40)))
    ran = crosspost("preview", "old.xml")
    assert ran.code == 0
    assert "Nothing would go out now" in ran.out and "--all" in ran.out
    assert "a lawyer on call" in ran.out and "older than 7 days" in " ".join(ran.out.split())
    assert "Nobody needs to see" not in ran.out
    assert "Nobody needs to see" in crosspost("preview", "old.xml", "--all").out


def test_all_shows_the_text_of_what_is_decided_already(crosspost, installed, news, story):
    news(story)
    assert crosspost("run").code == 0
    assert json.loads(crosspost("preview", "--json").out)["posts"] == []
    posts = json.loads(crosspost("preview", "--json", "--all").out)["posts"]
    assert len(posts) == 22 and all(post["text"] for post in posts)
    assert {post["reason_code"] for post in posts} == {"sent", "baseline"}
    shown = crosspost("preview", "--all").out
    assert "lantern" in shown and "a lawyer on call" in shown and "Nothing would go out now" in shown


def test_a_flood_of_news_doesnt_hold_a_strangers_first_preview(crosspost, folder, feed, story):
    Path("many.xml").write_bytes(feed(*[(f"{story[0]} {n}", story[1], "") for n in range(12)]))
    posts = json.loads(crosspost("preview", "many.xml", "--json").out)["posts"]
    assert {post["reason_code"] for post in posts} == {"due", "cap"}


@pytest.mark.parametrize("more", [(), ("--all",)])
def test_a_first_look_at_a_site_begins_with_its_newest_stories(crosspost, folder, feed, more):
    words = ("One", "Two", "Three", "Four", "Five")
    items = [(f"{word} shelters open", f"<p>{word} shelters for girls opened this week.</p>", "") for word in words]
    (folder / "feed.xml").write_bytes(feed(*items))
    posts = json.loads(crosspost("preview", "feed.xml", "--json", *more).out)["posts"]
    for target in ("x", "facebook"):
        here = [post for post in posts if post["target"] == target]
        assert [post["entry"]["title"] for post in here] == [f"{word} shelters open" for word in words]
        assert [post["reason_code"] for post in here] == ["due", "due", "due", "cap", "cap"]
    told = crosspost("preview", "feed.xml", *more).out
    assert told.index("One shelters for girls") < told.index("Three shelters for girls")
    assert ("Five shelters for girls" in told) == bool(more)


def test_preview_with_settings_but_no_ledger_says_so(crosspost, installed, folder):
    for path in folder.glob("crosspost.db*"):
        path.unlink()
    ran = crosspost("preview")
    assert ran.code == 0 and "There is no ledger yet" in ran.out and "would go out now" in ran.out
    assert not list(folder.glob("crosspost.db*"))


def test_one_account_without_keys_waits_and_the_other_goes_on(crosspost, installed, accounts, news, story, monkeypatch):
    monkeypatch.delenv("X_ACCESS_TOKEN")
    news(story)
    ran = crosspost("run", "--json")
    made = json.loads(ran.out)
    assert ran.code == 1
    assert [post["target"] for post in made["published"]] == ["facebook"]
    assert [post["reason_code"] for post in made["pending"]] == ["no-keys"]
    assert "X_ACCESS_TOKEN" in ran.err
    assert crosspost("run").code == 0  # told once, and a day later again
    assert crosspost("check").code == 1


def test_texts_can_be_seen_before_the_keys_are_there(crosspost, installed, accounts, news, story, monkeypatch):
    for name in ("X_API_KEY", "FACEBOOK_PAGE_ID"):
        monkeypatch.delenv(name)
    news(story)
    ran = crosspost("preview")
    assert "a lawyer on call" in ran.out and "X_API_KEY" in ran.out and ran.code == 0


def test_init_overwrites_nothing_without_force_and_a_ledger_never(crosspost, installed, server, folder):
    before = installed.read_bytes()
    refused = crosspost("init", server.site_url, "--yes")
    assert refused.code == 1 and "--force" in refused.err and installed.read_bytes() == before
    with sqlite3.connect("crosspost.db") as book:
        ledger = book.execute("SELECT ledger FROM sites").fetchall()
    book.close()
    assert crosspost("init", server.site_url, "--yes", "--force", "--timezone", "Asia/Manila").code == 0
    assert 'timezone = "Asia/Manila"' in installed.read_text("utf-8")
    with sqlite3.connect("crosspost.db") as book:
        assert book.execute("SELECT ledger FROM sites").fetchall() == ledger
    book.close()


def test_init_that_finds_no_feed_leaves_nothing_behind(crosspost, server, folder):
    ran = crosspost("init", server.url + "/nothing-here/", "--yes")
    assert ran.code == 1 and ran.err.startswith("Error:")
    assert not list(folder.iterdir())


def test_init_with_a_wrong_setting_leaves_nothing_behind(crosspost, server, folder):
    ran = crosspost("init", server.site_url, "--yes", "--timezone", "Europe/Atlantis")
    assert ran.code == 2 and "timezone" in ran.err
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_init_that_cant_make_its_ledger_leaves_no_settings_behind(crosspost, server, folder):
    Path("notes").write_text("a file, and no folder")
    ran = crosspost("init", server.site_url, "--yes", "--ledger", "sqlite:///notes/crosspost.db")
    assert ran.code == 1 and "ledger" in ran.err and "Traceback" not in ran.err
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["notes"]


def test_a_typed_private_address_is_allowed_from_then_on(installed):
    assert 'allow_private = ["127.0.0.1"]' in installed.read_text("utf-8")
    assert str(installed).endswith(str(SETTINGS))


def test_a_reports_file_has_published_stories_only_in_its_public_form(crosspost, installed, accounts, news, story):
    news(story, ("Held back by a word: embargo", "<p>An embargo holds until tomorrow at noon.</p>", ""))
    text = installed.read_text("utf-8").replace('#hold = ["embargo"]', 'hold = ["embargo"]')
    installed.write_text(text, "utf-8")
    ran = crosspost("run", "--report", "out.md", "--public")
    assert ran.code == 1
    told = Path("out.md").read_text("utf-8")
    assert "Three shelters open" in told and "embargo" not in told
    assert "embargo" in ran.err and "embargo" in ran.out


@pytest.mark.parametrize("as_json", [False, True])
def test_preview_says_sandbox_on_stderr_and_the_result_alone_on_stdout(crosspost, installed, as_json):
    ran = crosspost("preview", *(["--json"] if as_json else []))
    assert "SANDBOX" in ran.err and "SANDBOX" not in ran.out
    assert not as_json or json.loads(ran.out)["schema"] == 1


def test_a_feed_on_standard_input(crosspost, folder, feed, story, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(feed(story))))
    ran = crosspost("preview", "-")
    assert ran.code == 0 and "a lawyer on call" in ran.out


def test_a_preview_as_markdown_has_every_text_escaped(crosspost, folder, feed):
    Path("f.xml").write_bytes(
        feed(("<![CDATA[A *starry* [title](x)]]>", "<p>It was a *good* day for everybody here.</p>", ""))
    )
    assert crosspost("preview", "f.xml", "--markdown", "out.md").code == 0
    told = Path("out.md").read_text("utf-8")
    assert "\\*good\\*" in told and "## A \\*starry\\*" in told and "> " in told


def test_no_key_shows_anywhere(crosspost, installed, accounts, news, story, folder):
    from crosspost.sandbox.values import Fault, FaultKind

    keys = accounts.x[0].keys
    secrets = [keys.consumer_secret, keys.token_secret, keys.token, accounts.facebook[0].token, "sandbox-app-secret"]
    news(story)
    told = ""
    accounts.x[0].faults.add(Fault(FaultKind.EXPIRED_TOKEN, "POST"))
    accounts.facebook[0].faults.add(Fault(FaultKind.HTML, "POST"))
    for args in (["check"], ["preview"], ["run"], ["run", "--json"], ["status"], ["history"], ["check", "--json"]):
        ran = crosspost("--debug", *args)
        told += ran.out + ran.err
    kept = b"".join(path.read_bytes() for path in folder.parent.rglob("*") if path.is_file())
    assert not [secret for secret in secrets if secret in told or secret.encode() in kept]


def test_a_keys_place_in_the_settings_is_refused_without_repeating_it(crosspost, installed):
    text = installed.read_text("utf-8").replace(
        'platform = "x"', 'platform = "x"\napi_key_secret = "abcDEF123456ghiJKL"'
    )
    installed.write_text(text, "utf-8")
    ran = crosspost("run")
    assert ran.code == 2 and "abcDEF123456ghiJKL" not in ran.err + ran.out
