from __future__ import annotations

import ast
import re
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import crosspost
from crosspost.core.outlook import Alert
from crosspost.core.reason import Code, Reason
from crosspost.errors import RequestError
from crosspost.report import sentences
from crosspost.report.sentences import ERRORS, OPTIONAL, REASONS, Words, advice, explain, hint, say

PARIS = ZoneInfo("Europe/Paris")
SOURCE = Path(crosspost.__file__).parent
NODES = {path: list(ast.walk(ast.parse(path.read_text(encoding="utf-8")))) for path in SOURCE.rglob("*.py")}
EVERY = {**{code.value: words for code, words in REASONS.items()}, **ERRORS}
# Words of the trade that somebody who doesn't program has no use for.
JARGON = re.compile(
    r"\b(guid|http|https|304|json|rss|xml|exception|traceback|payload|lease|revision|api|oauth|timeout|null|parse[dr]?|"
    r"validator|etag|idempotent|reconcil\w+|delivery|token|stack|socket|dns|tls|url)\b",
    re.IGNORECASE,
)


# What a person's decision always has room for: the verbs give it when the person does.
PERSON = {"why"}


def given_params() -> dict[str, list[set[str]]]:
    """What each caller in src gives with a code: the keywords beside every `Code.X` that stands in a call."""
    found = defaultdict(list)
    for nodes in NODES.values():
        for node in nodes:
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") not in {"Verdict", "replace", "let_go"}:
                for arg in node.args:
                    if isinstance(arg, ast.Attribute) and getattr(arg.value, "id", "") == "Code":
                        found[Code[arg.attr].value].append({keyword.arg for keyword in node.keywords})
    return found


GIVEN = given_params()


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(Code)
    assert list(REASONS) == list(Code), "in the order of core/reason, where a reader looks for them"


@pytest.mark.parametrize("code", EVERY)
def test_words_are_whole_short_and_plain(code: str) -> None:
    words = EVERY[code]
    assert words.title and not words.title.endswith(".")
    assert len(words.title) <= 44
    for text in filter(None, (words.sentence, words.why, words.hint)):
        assert text[0].isupper() or text[0] in "`c", text
        assert text.endswith((".", ".`")), text
    assert len(words.sentence) <= 130
    assert not JARGON.search(words.title + " " + words.sentence), JARGON.search(words.sentence)


@pytest.mark.parametrize("code", list(Code))
def test_every_parameter_in_a_sentence_is_one_that_its_callers_give(code: Code) -> None:
    text = REASONS[code].sentence + REASONS[code].hint
    optional = set(re.findall(r"\[[^\]]*\{(\w+)\}[^\]]*\]", text))
    needed = set(re.findall(r"\{(\w+)\}", text)) - optional
    assert optional <= OPTIONAL
    for given in GIVEN.get(code.value, [set()]):
        assert needed <= given, f"{code} needs {needed}, and a caller gives {given}"
    if code.value in GIVEN:
        assert optional <= set.union(*GIVEN[code.value]) | PERSON, "no caller gives it"


def test_the_callers_were_found() -> None:
    assert {"spent", "budget", "cost"} <= GIVEN["budget"][0]
    assert len(GIVEN) > 30


@pytest.mark.parametrize("code", list(Code))
def test_a_missing_parameter_reads_as_a_question_mark_and_never_raises(code: Code) -> None:
    assert "{" not in say(Reason.of(code))
    assert "[" not in say(Reason.of(code))
    assert "{" not in hint(Reason.of(code))


def test_an_optional_part_comes_with_its_parameter_only() -> None:
    assert say(Reason.of(Code.SKIPPED)) == "A person decided that it does not go out."
    assert say(Reason.of(Code.SKIPPED, why="")) == "A person decided that it does not go out."
    assert say(Reason.of(Code.SKIPPED, why="old")) == "A person decided that it does not go out: old."


def test_money_times_durations_and_languages_read_as_people_write_them() -> None:
    assert say(Reason.of(Code.BUDGET, cost=200_000, spent=9_900_000, budget=10_000_000)) == (
        "It costs $0.20, and $9.90 of this month's $10.00 are spent."
    )
    assert say(Reason.of(Code.TOO_OLD, date="2026-11-01T08:00:00+00:00", max_age_days=7), zone=PARIS) == (
        "It is dated Sun 1 Nov 2026 09:00: older than 7 days when crosspost first saw it."
    )
    assert "written in French," in say(Reason.of(Code.LANGUAGE, language="fr"))
    assert "written in xx," in say(Reason.of(Code.LANGUAGE, language="xx"))


def test_what_only_looks_like_a_time_stays_as_it_is() -> None:
    assert "“2026-11-01T99:99:99Z”" in say(Reason.of(Code.HOLD_WORD, word="2026-11-01T99:99:99Z"))
    assert "“2026-11-01T09:00:00”" in say(Reason.of(Code.HOLD_WORD, word="2026-11-01T09:00:00"))


def test_a_pause_tells_its_cause_in_the_platforms_own_words() -> None:
    own = {"x.suspended": "X has suspended the account.", "x.odd": "X says no (code {number})."}
    assert say(Reason.of(Code.TARGET_PAUSED, cause="x.odd"), own).endswith(": X says no.")
    assert say(Reason.of(Code.TARGET_PAUSED, cause="x.suspended"), own).endswith(": X has suspended the account.")
    assert say(Reason.of(Code.TARGET_PAUSED, cause="no-credit")).endswith(": it has no credit left.")
    assert say(Reason.of(Code.TARGET_PAUSED, cause="odd")).endswith(": odd.")


def test_a_sentence_in_a_sentence_has_one_full_stop() -> None:
    told = say(Reason.of(Code.FEED_DOWN, feed="site", error="https://example.org/feed/ brought a web page."))
    assert told == "A feed could not be read: https://example.org/feed/ brought a web page."
    assert say(Reason.of(Code.SKIPPED, why="Old. ")) == "A person decided that it does not go out: Old."


@pytest.mark.parametrize("detail", ["control", "permission", "reach", "timeout", "x.suspended"])
def test_what_a_look_could_not_tell_is_told_in_words(detail: str) -> None:
    told = say(Reason.of(Code.CANT_TELL, target="x", detail=detail), {"x.suspended": "X has suspended the account."})
    assert told.startswith("A look at the account x could not tell whether a post is out: ")
    assert f": {detail}." not in told


def test_a_connection_that_failed_is_told_without_the_trades_word() -> None:
    assert "(" not in say(Reason.of(Code.NOT_CONNECTED, kind="dns"))
    assert "its name could not be found" in say(Reason.of(Code.NOT_CONNECTED, kind="dns"))


def test_a_platforms_code_takes_its_words_from_the_platform() -> None:
    told = Reason.of("x.too-long", weight=300, limit=280)
    assert say(told, {"x.too-long": "X counts {weight} of {limit}."}) == "X counts 300 of 280."
    assert hint(told, {"x.too-long": "Shorten it by {over}."}) == "Shorten it by ?."
    assert explain("x.too-long", {"x.too-long": "Too long."}, {"x.too-long": "Cut."}) == Words(
        "X: too long", "Too long.", "The platform answered so.", "Cut."
    )


def test_a_code_without_words_is_told_as_it_is() -> None:
    assert say(Reason.of("mastodon.odd")) == "This crosspost has no words for the reason “mastodon.odd”."
    assert hint(Reason.of("mastodon.odd")) == ""


def test_a_strangers_words_in_a_sentence_are_harmless_short_and_not_filled_again() -> None:
    told = say(Reason.of(Code.HOLD_WORD, word="\x1b[31m{cost} [: {why}]\n::error::" + "x" * 500))
    assert "\x1b" not in told and "\n" not in told and "::" not in told
    assert "{cost} [: {why}]" in told
    assert len(told) < 300


def test_an_alerts_hint_names_its_story_by_number() -> None:
    since = datetime(2026, 11, 24, tzinfo=UTC)
    assert "`crosspost approve 12`" in advice(Alert("#12 x", Reason.of(Code.AWAY), since))
    assert "`crosspost approve STORY`" in advice(Alert("x", Reason.of(Code.AWAY), since))


def test_explain_knows_every_code_and_names_the_nearest_to_a_wrong_one() -> None:
    for code in sentences.codes():
        assert explain(code).sentence
    with pytest.raises(RequestError, match="baseline") as wrong:
        explain("basline")
    assert wrong.value.code == "code-unknown"


def test_no_code_has_words_twice() -> None:
    assert not set(ERRORS) & {code.value for code in Code}


def raised_codes() -> dict[str, str]:
    """Every literal code with which src raises one of its own errors → where."""
    names = {"CrosspostError"}
    classes = [node for nodes in NODES.values() for node in nodes if isinstance(node, ast.ClassDef)]
    for _ in range(4):  # as deep as the tree of errors may get
        names |= {cls.name for cls in classes if any(isinstance(b, ast.Name) and b.id in names for b in cls.bases)}
    found = {}
    for path, nodes in NODES.items():
        for node in nodes:
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "code")]
            if called in names and given and isinstance(given[0], ast.Constant) and isinstance(given[0].value, str):
                found[given[0].value] = f"{path.relative_to(SOURCE)}:{node.lineno}"
        # These rooms choose a code from a table before they raise it.
        if path.relative_to(SOURCE).parts[0] in {"feed", "ledger"}:
            for node in nodes:
                if isinstance(node, ast.Constant) and re.fullmatch(r"(feed|ledger)-[a-z]+(-[a-z]+)?", str(node.value)):
                    found[node.value] = f"{path.relative_to(SOURCE)}:{node.lineno}"
    return found


def test_every_code_that_is_raised_has_words() -> None:
    missing = {code: where for code, where in raised_codes().items() if code not in EVERY}
    assert not missing, f"add words for these to ERRORS in report/sentences.py: {missing}"


def test_every_reason_that_is_written_as_a_word_has_words() -> None:
    """Platforms' own are the contract suite's matter."""
    missing = {}
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).parts[0] in {"platforms", "testing", "sandbox"}:
            continue
        for code in re.findall(r"""Reason(?:\.of)?\(\s*["']([^"']+)["']""", path.read_text(encoding="utf-8")):
            if code not in EVERY:
                missing[code] = str(path.relative_to(SOURCE))
    assert not missing, f"make them a Code in core/reason.py with words in report/sentences.py: {missing}"
