"""Who tests the tests: the machine with one rule taken away, again and again; each must be noticed.

    python tests/simulation/mutants.py            all of them (`make mutants`)
    python tests/simulation/mutants.py NAME ...   some

A mutant is a copy of the package with an edit. It lives simulated years until one notices; what none of
them notices, the named tests must. One that both let pass is a hole in the tests, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import crosspost

PACKAGE = Path(crosspost.__file__).parent
TESTS = Path(__file__).parents[1]
# Half of them were written by somebody who hadn't seen the tests: plain tuples in a file of their own.
BLIND = runpy.run_path(str(Path(__file__).with_name("blind.py")))["BLIND"]
LIVES, DAYS = 8, 365
EDIT = tuple[str, str, str]  # module, what stands there (once), what takes its place
HIDDEN = {"CROSSPOST_WHEEL"}  # a mutant is no wheel

OFF = "def _was_"
TABLE = "core/delivery.py"
SEND, OUTCOMES = "pipeline/send.py", "pipeline/outcomes.py"
RECONCILE, RECORD = "pipeline/reconcile.py", "pipeline/record.py"
EVIDENCE, CHOOSE, RULES, PLAN = "decide/evidence.py", "decide/choose.py", "decide/rules.py", "decide/plan.py"
DECIDE = ("decide", "pipeline")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule that is taken away: its name, what follows from it, the edits, and the tests' rooms that may notice."""

    name: str
    breaks: str
    edits: tuple[EDIT, ...]
    rooms: tuple[str, ...] = DECIDE
    lived: bool = True  # the simulated lives can notice it; else only tests can, and no time is lost with lives


def _off(name: str, breaks: str, module: str, rule: str, rooms: tuple[str, ...] = ("decide",)) -> Mutant:
    """A rule of planning or choosing that never applies."""
    shape = (
        "case: Case) -> Ruling" if module == RULES else "record: Record, situation: Situation, {} _Tally) -> Verdict"
    )
    options = [shape.format(word) for word in ("_:", "tally:")] if "{}" in shape else [shape]
    return Mutant(
        name,
        breaks,
        tuple(
            (
                module,
                f"def {rule}({option} | None:",
                f"def {rule}(*_) -> None:\n    return None\n\n\ndef _was_{rule}({option} | None:",
            )
            for option in options
        ),
        rooms,
    )


OWN = (
    # --- sending
    Mutant(
        "lost is pending",
        "a lost answer is sent again at once",
        (
            (OUTCOMES, "step(head, Event.LOST, State.UNKNOWN,", "step(head, Event.LOST, State.PENDING,"),
            (TABLE, "(_S, Event.LOST): frozenset({_U})", "(_S, Event.LOST): frozenset({_P})"),
        ),
    ),
    Mutant(
        "lease over is pending",
        "what a dead run began is sent again at once",
        (
            (RECORD, "Event.LEASE_OVER, State.UNKNOWN", "Event.LEASE_OVER, State.PENDING"),
            (TABLE, "(_S, Event.LEASE_OVER): frozenset({_U})", "(_S, Event.LEASE_OVER): frozenset({_P})"),
        ),
    ),
    Mutant(
        "send before the begin is durable",
        "a run that dies in between leaves a post that nobody wrote down",
        (
            (
                SEND,
                "    receipt = ledger.append(Batch(revisions=begun, values=(put, *guards)))\n",
                "    from crosspost.core.post import mint_claim\n"
                "    plan, first = batch[0], begun[0]\n"
                "    claim = mint_claim(plan.before.key.story, sending.name, first.rev, plan.post, now)\n"
                "    early = sending.outlet.adapter.publish(claim, None)\n"
                "    receipt = ledger.append(Batch(revisions=begun, values=(put, *guards)))\n",
            ),
            (SEND, "_publish(sending, receipt.claims[revision.key], is_first=revision is begun[0])", "early"),
        ),
    ),
    Mutant(
        "begin without its check",
        "two runs that begin one delivery both send it",
        (
            (
                SEND,
                "    if receipt is None:\n        return False\n    # Before anything leaves",
                "    from crosspost.core.post import mint_claim\n"
                "    from crosspost.ledger.base import Receipt\n"
                "    plan, first = batch[0], begun[0]\n"
                "    claim = mint_claim(plan.before.key.story, sending.name, first.rev, plan.post, now)\n"
                "    receipt = receipt or Receipt(0, {first.key: claim})\n    # Before anything leaves",
            ),
        ),
    ),
    Mutant(
        "the flag is raised too late",
        "a request that broke off after its first byte counts as not sent",
        (
            ("net/committing.py", "        self.flag = True\n", ""),
            (
                "net/committing.py",
                "        answer = request(law)\n",
                "        answer = request(law)\n        law.flag = True\n",
            ),
        ),
        ("net", "pipeline"),
    ),
    Mutant(
        "no look at the clock",
        "a laptop that slept sends what another run has settled meanwhile",
        (("net/committing.py", "if self._is_stale():", "if False:"),),
        ("net", "pipeline"),
    ),
    Mutant(
        "a late acceptance is dropped",
        "a post stands that the ledger calls unknown, or sends again",
        (
            (
                OUTCOMES,
                "    if not isinstance(outcome, Accepted):\n        return ()\n",
                "    if outcome is not None:\n        return ()\n",
            ),
        ),
    ),
    Mutant(
        "a duplicate answer is a refusal",
        "our own echo is called failed, although it stands there",
        (("platforms/x/answers.py", 'Verdict("x.duplicate", Then.DUPLICATE)', 'Verdict("x.duplicate", Then.REFUSED)'),),
        ("platforms", "pipeline"),
    ),
    Mutant(
        "an unlisted answer is not sent",
        "a 502 after the acceptance is sent again",
        (
            (
                "platforms/table.py",
                'return Lost(Reason.of(Code.LOST, kind="answer", status=answer.status))',
                'return NotSent(Reason.of(Code.LOST, kind="answer", status=answer.status))  # type: ignore',
            ),
        ),
        ("platforms", "pipeline"),
    ),
    Mutant(
        "a lost answer doesn't end the pass",
        "an outage makes ten unknown, not one",
        (
            (
                "pipeline/send.py",
                "        case Lost():\n            sending.ended = Reason.of(Code.AFTER_LOST, target=sending.name)\n",
                "",
            ),
        ),
    ),
    Mutant(
        "a lost answer doesn't end its batch",
        "an outage makes three unknown, not one",
        ((SEND, "(sending.ended is not None or sending.stopping() or", "(sending.stopping() or"),),
    ),
    Mutant(
        "what a gap leaves over is forgotten",
        "a story that was off the site while the account was read goes out again",
        ((RECONCILE, "strays=(strays + standing.strays)[:STRAYS]", "strays=()"),),
        ("pipeline", "simulation"),
    ),
    Mutant(
        "the begin isn't remembered",
        "a copy put back after a kill in between goes unnoticed",
        (
            (
                SEND,
                "    sending.office.world.memory.remember(ledger.id, receipt.sequence)\n",
                "",
            ),
        ),
    ),
    Mutant(
        "a pause consumes attempts",
        "an account without credit makes stories fail",
        ((OUTCOMES, "_not_sent(unsent(head), before.attempts,", "_not_sent(unsent(head), begun.attempts,"),),
    ),
    Mutant(
        "not sent keeps the money",
        "pauses eat the month's budget",
        (
            (
                OUTCOMES,
                "back = replace(standing.charge(month_of(begun.at), -begun.cost), sent_at=before.sent_at)",
                "back = replace(standing, sent_at=before.sent_at)",
            ),
        ),
    ),
    Mutant(
        "one that pauses twice isn't held",
        "one poisonous story starves the others",
        ((OUTCOMES, "if attempts.pauses < 2 or not blames:", "if True:"),),
    ),
    # --- what a reading proves
    Mutant(
        "one absent reading proves it",
        "a timeline that lags makes a second post",
        ((RECONCILE, '    if counts == "first":', '    if counts == "never":'),),
    ),
    Mutant(
        "the second reading comes early",
        "both readings fall into one lag",
        ((EVIDENCE, "SECOND_ABSENT = timedelta(minutes=30)", "SECOND_ABSENT = timedelta(minutes=4)"),),
    ),
    Mutant(
        "absence without the control post",
        "an empty answer makes a second post",
        ((EVIDENCE, "if control and not control &", "if False and not control &"),),
    ),
    Mutant(
        "absence without the scopes",
        "a Page without the permission to read gets second posts",
        ((EVIDENCE, "if not control and not timeline.trusted:", "if False:"),),
    ),
    Mutant(
        "absence without reach",
        "a reading that broke off before the attempt counts",
        ((EVIDENCE, "if not timeline.to_end and not any(", "if False and not any("),),
    ),
    Mutant(
        "a duplicate answer proves nothing of it",
        "what the platform calls a duplicate is tried again for ever",
        ((RECONCILE, "    if attempts.duplicate:\n", "    if False:\n"),),
    ),
    Mutant(
        "a gap of six hours",
        "a machine put back to this morning's state sends again",
        ((EVIDENCE, "SILENCE = timedelta(minutes=90)", "SILENCE = timedelta(hours=6)"),),
    ),
    Mutant(
        "an older copy goes unnoticed",
        "a ledger put back sends again",
        (
            (
                RECONCILE,
                "put_back = remembered is not None and remembered > office.ledger.sequence()",
                "put_back = False",
            ),
        ),
    ),
    Mutant(
        "after an older copy one reading is enough",
        "the post of ten minutes ago isn't seen yet",
        ((RECONCILE, "needs=2 if put_back else 1", "needs=1"),),
    ),
    # --- what a person decides
    Mutant(
        "retry forgets the begin",
        "what may be out is sent again without a look",
        (("desk/verbs.py", "        begun = delivery.attempts.open\n", "        begun = False\n"),),
        ("desk", "pipeline"),
    ),
    Mutant(
        "no code is checked on approve",
        "another text goes out than the one that was approved",
        (
            ("desk/verbs.py", "(code and code_of(record, text) != code)", "False"),
            ("desk/verbs.py", "if codes and code not in codes.values():", "if False:"),
        ),
        ("desk",),
    ),
    Mutant(
        "an edited text gives way",
        "a person's words are lost when the site changes a comma",
        ((PLAN, "if head.fixed is not Fixed.EDITED:", "if True:"),),
        ("decide", "desk"),
    ),
    Mutant(
        "a changed text doesn't wait",
        "what a person approved goes out as something else",
        ((PLAN, "if head.fixed in {Fixed.APPROVED, Fixed.EDITED}:", "if False:"),),
        ("decide", "desk"),
    ),
    _off("a person's stop is ignored", "posts go out on a day of mourning", CHOOSE, "stopped"),
    # --- which story, and whether
    Mutant(
        "the title joins",
        "two stories under one title and minute: one is swallowed",
        (
            (
                "decide/identity.py",
                "strong, weak = [guid, link], [post, title, text]",
                "strong, weak = [guid, link, title], [post, text]",
            ),
        ),
    ),
    Mutant(
        "the guid doesn't count",
        "a story under a new address goes out again",
        (
            (
                "decide/identity.py",
                "strong, weak = [guid, link], [post, title, text]",
                "strong, weak = [link], [title]",
            ),
        ),
    ),
    Mutant(
        "the link doesn't count",
        "a site that deals out new guids goes out again",
        (
            (
                "decide/identity.py",
                "strong, weak = [guid, link], [post, title, text]",
                "strong, weak = [guid], []",
            ),
        ),
    ),
    Mutant(
        "baseline forgets the target",
        "an account that is added gets ten old stories",
        ((RULES, "if case.around.baseline or case.target.name not in case.read.polled:", "if case.around.baseline:"),),
    ),
    Mutant(
        "validators before the stories",
        "a run that dies in between loses them: the next poll says 304",
        (
            (
                RECORD,
                "written = office.ledger.append(replace(planned.plan.batch, values=tuple(values)))",
                "written = (all(map(office.ledger.put, values)) or None) and office.ledger.append(planned.plan.batch)",
            ),
        ),
    ),
    Mutant(
        "a known one is the end",
        "a story that was dated anew hides the new ones that stand below it",
        (("pipeline/poll.py", "and polled - CLOCKS_DIFFER < last <=", "and now + CLOCKS_DIFFER < last <="),),
    ),
    Mutant(
        "missed once, told never",
        "a run that dies before it tells that entries were missed takes that with it",
        (
            (
                RECORD,
                "missed=mine.missed or (None if _was_told(office, standings, poll.feed.name) else now.missed),",
                "missed=mine.missed,",
            ),
        ),
    ),
    Mutant(
        "missing is gone",
        "what falls off the feed's end is never sent",
        ((PLAN, "return any(date < story.published for date in dates)", "return True"),),
    ),
    _off("no flood brake", "an import of 200 stories goes out", RULES, "flood"),
    _off("no greatest age", "what is old goes out as news", RULES, "too_old"),
    _off("no approval", "nobody is asked", RULES, "approval"),
    _off("what is protected goes out", "words behind a password are public", RULES, "protected"),
    _off("any site's link goes out", "a hacked site posts at once", RULES, "other_site"),
    _off("no other account", "X sees the same words on two accounts", RULES, "other_account"),
    _off("no cap", "a run sends all at once", CHOOSE, "cap"),
    _off("no quiet hours", "posts go out at three in the morning", CHOOSE, "quiet"),
    _off("no budget", "the month costs what it costs", CHOOSE, "budget"),
    _off("no spacing", "posts come in bursts", CHOOSE, "spacing"),
    Mutant(
        "the same probe again",
        "one story that X always answers with a pause starves the rest",
        ((CHOOSE, "return (bool(cause) and record.story.id == cause, date,", "return (False, date,"),),
    ),
)

# Whoever wrote BLIND could only guess what lives notice. These they can't: see docs/reliability.md.
TESTS_ONLY = frozenset(
    {
        "another's commit counts as ours",
        "a known story takes another's identity",
        "a page without posts is an empty account",
        "a stranger's key finds the post gone",
        "a story without a text waits unsaid",
    }
)
MUTANTS = (*OWN, *(Mutant(*shape[:4], lived=shape[0] not in TESTS_ONLY) for shape in BLIND))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: who noticed it ("" nobody), and what they said."""

    mutant: Mutant
    by: str
    words: str
    seconds: float


def edited(mutant: Mutant) -> dict[str, str]:
    """The modules that the mutant changes, with their new text. ValueError for one that fits the sources no longer."""
    texts: dict[str, str] = {}
    fits = 0
    for module, old, new in mutant.edits:
        text = texts.get(module) or (PACKAGE / module).read_text(encoding="utf-8")
        if text.count(old) == 1:
            texts[module] = text.replace(old, new)
            fits += 1
    # A rule that is switched off has two possible heads, of which one fits.
    if fits != (1 if mutant.edits and OFF in mutant.edits[0][2] else len(mutant.edits)):
        raise ValueError(f"“{mutant.name}” no longer fits the sources")
    return texts


def applied(mutant: Mutant, folder: Path) -> Path:
    """A copy of the package with the mutant's edits, in a folder for the import path."""
    place = folder / "crosspost"
    texts = edited(mutant)
    shutil.copytree(PACKAGE, place, ignore=shutil.ignore_patterns("__pycache__"))
    for module, text in texts.items():
        (place / module).write_text(text, encoding="utf-8")
    return folder


def _run(folder: Path, *argv: str) -> tuple[int, str]:
    env = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    env["PYTHONPATH"], env["PYTHONDONTWRITEBYTECODE"] = str(folder), "1"
    done = subprocess.run(
        [sys.executable, *argv], env=env, cwd=TESTS.parent, capture_output=True, text=True, check=False, timeout=1800
    )
    return done.returncode, done.stdout + done.stderr


def _lives(folder: Path, count: int, days: int) -> tuple[str, str]:
    """Who noticed, of the simulated lives: a seed, and what it said."""
    code, told = _run(
        folder,
        "-m",
        "crosspost.testing.simulation",
        *("--all", "--until-broken", "--count", str(count), "--days", str(days)),
    )
    if code == 0:
        return "", ""
    last = told.strip().splitlines()
    broken = next((line for line in last if line.startswith("seed ")), "")
    if broken:
        seed, _, words = broken.partition(": ")
        return seed.partition(",")[0], words
    if "Error" not in told:
        raise RuntimeError(f"the lives don't run: {last[-1:]}")
    return "an error", last[-1]


def _tests(folder: Path, rooms: tuple[str, ...]) -> tuple[str, str]:
    """Who noticed, of the rooms' tests."""
    for room in rooms:
        code, told = _run(
            folder,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "--hypothesis-profile=ci",
            "-m",
            "not slow",
            str(TESTS / room),
        )
        failed = next((line for line in told.splitlines() if line.startswith("FAILED ")), "")
        if code == 1 and failed:
            return failed.removeprefix("FAILED ").partition(" - ")[0].rpartition("/")[2], ""
        if code not in {0, 5}:  # nobody noticed: the tests themselves could not run
            raise RuntimeError(f"the tests of {room} don't run: {told.strip().splitlines()[-1:]}")
    return "", ""


def examine(mutant: Mutant, *, count: int = LIVES, days: int = DAYS, tests: bool = True) -> Verdict:
    """Apply it and see who notices."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        folder = applied(mutant, Path(name))
        by, words = _lives(folder, count, days) if count and mutant.lived else ("", "")
        if not by and tests:
            by, words = _tests(folder, mutant.rooms)
    return Verdict(mutant, by, words, time.monotonic() - began)


def main() -> int:
    """Print the table; the exit code is 1 where one survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--count", type=int, default=LIVES, help="lives of each")
    parser.add_argument("--json", metavar="FILE", help="write the table there, as docs/figures has them")
    given = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if not given.names or mutant.name in given.names]
    verdicts: list[Verdict] = []
    with ThreadPoolExecutor(given.jobs) as pool:
        for verdict in pool.map(lambda mutant: examine(mutant, count=given.count), chosen):
            verdicts.append(verdict)
            by = verdict.by or "SURVIVED"
            print(f"{verdict.mutant.name:<42} {by:<24} {verdict.seconds:5.0f} s  {verdict.words}"[:220], flush=True)
    survivors = [verdict.mutant.name for verdict in verdicts if not verdict.by]
    print(f"{len(chosen)} mutants, {len(survivors)} survived")
    if given.json:
        _write(Path(given.json), verdicts, given.count)
    return 1 if survivors else 0


def _write(place: Path, verdicts: list[Verdict], count: int) -> None:
    """The figures: how many, and for each what broke and who noticed."""
    by_lives = sum(verdict.by.startswith("seed ") for verdict in verdicts)
    survived = sum(not verdict.by for verdict in verdicts)
    rows: list[tuple[str, int | str]] = [
        ("rules taken away, one at a time", len(verdicts)),
        (f"noticed by one of {count} simulated years", by_lives),
        ("noticed by the tests of the rooms named with it", len(verdicts) - by_lives - survived),
        ("noticed by nobody", survived),
    ]
    for verdict in verdicts:
        noticed = verdict.by or "nobody"
        rows.append((f"{verdict.mutant.name}: {verdict.mutant.breaks}", noticed if " " in noticed else f"`{noticed}`"))
    document = {
        "title": "Who tests the tests",
        "command": "make mutants",
        "date": datetime.now(UTC).date().isoformat(),
        "rows": rows,
    }
    place.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
