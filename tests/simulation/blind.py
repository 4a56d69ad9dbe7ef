"""Mutants from the sources and the lifecycle alone, by somebody who hasn't seen the tests or the simulation.

Each takes away one rule of the machine: (name, what breaks, ((module, old text, new text), ...), the rooms
where it should be noticed, whether simulated lives could notice). Rooms and lives are guesses. Modules are
paths inside the package, and each old text stands exactly once in its module.
"""

from __future__ import annotations

BLIND: tuple[tuple[str, str, tuple[tuple[str, str, str], ...], tuple[str, ...], bool], ...] = (
    # --- core, decide ------------------------------------------------------------------------------------------
    (
        "a late release wipes this month's cost",
        "money given back for last month makes last month the counted one, and this month's budget begins anew",
        (("core/standing.py", "        if month < self.month:\n            return self\n", ""),),
        ("core", "pipeline"),
        False,
    ),
    (
        "a post that is taken is found again",
        "another story's post with the same words counts as the lost one's, which then never goes out",
        (
            (
                "decide/evidence.py",
                "free = [seen for seen in posts if seen.remote_id not in taken]",
                "free = list(posts)",
            ),
        ),
        ("decide", "pipeline"),
        False,
    ),
    (
        "a trouble that is over stays told",
        "one that comes back within a day is no news any more: nobody is told",
        (("decide/attention.py", "kept: dict[str, Told] = {}", "kept: dict[str, Told] = dict(told)"),),
        ("decide", "pipeline"),
        False,
    ),
    (
        "gone beside an entry of the same date",
        "a story that fell off the feed's end is skipped as gone, because one of its own minute is still listed",
        (
            (
                "decide/plan.py",
                "return any(date < story.published for date in dates)",
                "return any(date <= story.published for date in dates)",
            ),
        ),
        ("decide",),
        False,
    ),
    (
        "an edited text outlives its article",
        "a person's text goes out although the article changed since, and nobody is asked",
        (
            (
                "decide/plan.py",
                "    if head.fixed in {Fixed.APPROVED, Fixed.EDITED}:",
                "    if head.fixed is Fixed.APPROVED:",
            ),
        ),
        ("decide", "desk"),
        False,
    ),
    # --- pipeline ----------------------------------------------------------------------------------------------
    (
        "a sibling's cost loses the race",
        "two runs on two accounts of one platform begin at the same moment, and together pass the month's budget",
        (
            (
                "pipeline/send.py",
                "    guards += [standings.put_target(name, standings.target(name)) for name in others]\n",
                "",
            ),
        ),
        ("pipeline", "faults"),
        False,
    ),
    (
        "an old copy's proof counts",
        "the first absent reading that an older ledger had noted serves the new gap: one reading too few",
        (
            (
                "pipeline/reconcile.py",
                "    if gap.needs > 1 or before.needs < gap.needs:",
                "    if before.needs < gap.needs:",
            ),
        ),
        ("pipeline",),
        True,
    ),
    (
        "a copy one append too old passes",
        "a ledger put back that lacks just the last append, a begun post perhaps, is no gap",
        (
            (
                "pipeline/reconcile.py",
                "remembered > office.ledger.sequence()",
                "remembered > office.ledger.sequence() + 1",
            ),
        ),
        ("pipeline", "desk"),
        True,
    ),
    (
        "a begin in the future never ends",
        "a clock that was ahead when its runner died leaves the post SENDING, told to nobody, until it catches up",
        (
            (
                "pipeline/record.py",
                "not delivery.at - LEASE <= now <= delivery.at + LEASE",
                "now > delivery.at + LEASE",
            ),
        ),
        ("pipeline",),
        True,
    ),
    (
        "a second pause keeps the old keys' hash",
        "keys that were changed and are still wrong end every later pause at once: each run tries, story by story",
        (
            (
                "pipeline/outcomes.py",
                "        credential=credential,\n",
                "        credential=before.credential if before is not None and again else credential,\n",
            ),
        ),
        ("pipeline",),
        False,
    ),
    (
        "an unanswered probe frees the account",
        "a suspended account's read that failed counts as alive, and it is probed with posts",
        (
            (
                "pipeline/send.py",
                "alive = sending.outlet.adapter.alive() is True",
                "alive = bool(sending.outlet.adapter.alive())",
            ),
        ),
        ("pipeline", "faults"),
        False,
    ),
    (
        "a take-down is tried only once",
        "a retraction or edit whose answer was lost has nothing left to do: the post stands, and no run tries again",
        (
            (
                "pipeline/amend.py",
                "            return _unconfirmed(delivery, delivery.todo, _told(delivery, reason), office)",
                "            again = _as_it_stands(office, delivery)\n"
                "            return _unconfirmed(again, delivery.todo, _told(delivery, reason), office)",
            ),
        ),
        ("pipeline", "desk"),
        False,
    ),
    (
        "a second gap forgets the first's strays",
        "a post that stood there without its story is out of mind after the next silence, and goes out twice",
        (
            (
                "pipeline/reconcile.py",
                "strays=(strays + standing.strays)[:STRAYS]",
                "strays=strays[:STRAYS]",
            ),
        ),
        ("pipeline",),
        True,
    ),
    (
        "validators are stored before the stories",
        "a run that dies in between leaves a 304 for news that nobody has recorded",
        (
            (
                "pipeline/record.py",
                "        values = [standings.put_run(",
                "        for poll in polls:\n"
                "            before = standings.feed(poll.feed.name)\n"
                "            early = replace(before, validators=poll.standing.validators)\n"
                "            office.ledger.put(standings.put_feed(poll.feed.name, early))\n"
                "        standings = Standings.read(office.ledger)\n"
                "        values = [standings.put_run(",
            ),
        ),
        ("pipeline", "faults"),
        True,
    ),
    (
        "a story without a text waits unsaid",
        "what can't be composed stays pending for ever, and no alert names it",
        (("pipeline/troubles.py", "{Code.BUDGET, Code.NO_TEXT", "{Code.BUDGET"),),
        ("pipeline",),
        False,
    ),
    (
        "an older page ends at its first known",
        "unknown entries between two known ones of page two, where a post was dated anew, are never recorded",
        (("pipeline/poll.py", "return max(places, default=0)", "return min(places, default=0)"),),
        ("pipeline", "feeds"),
        False,
    ),
    (
        "a code doesn't name the link",
        "approving the code of a shown post also lets the same words go out beside another link",
        (("pipeline/texts.py", "{post.text}\\n{post.link}", "{post.text}"),),
        ("pipeline", "desk"),
        False,
    ),
    # --- desk --------------------------------------------------------------------------------------------------
    (
        "one code approves every target",
        "the code of X's text lets Facebook's go as well, which nobody has looked at",
        (
            (
                "desk/verbs.py",
                "        if not isinstance(text, Post) or (code and code_of(record, text) != code):",
                "        if not isinstance(text, Post):",
            ),
        ),
        ("desk",),
        False,
    ),
    (
        "a skip leaves out the unknown",
        "a story skipped everywhere is sent again where its fate was unknown and it is found absent",
        (
            (
                "desk/verbs.py",
                "        if not legal(delivery.state, Event.SKIP):",
                "        if not legal(delivery.state, Event.SKIP) or delivery.state is State.UNKNOWN:",
            ),
        ),
        ("desk",),
        False,
    ),
    (
        "a skip gives the money back",
        "a post that may be out is skipped, and its cost counts no more in the month's budget",
        (
            (
                "desk/verbs.py",
                "        if revision.event is Event.RESOLVE_ABSENT and old.cost:",
                "        if revision.event in {Event.RESOLVE_ABSENT, Event.SKIP} and old.cost:",
            ),
        ),
        ("desk",),
        False,
    ),
    # --- ledger ------------------------------------------------------------------------------------------------
    (
        "another's commit counts as ours",
        "a commit failed, another writer took its number, and a claim is given for a begin that nobody wrote",
        (
            (
                "ledger/sql.py",
                "return self._db.rows(statements.WHOSE, (self._site, sequence)) == [(to_column(self._writer),)]",
                "return bool(self._db.rows(statements.WHOSE, (self._site, sequence)))",
            ),
        ),
        ("ledger", "contract", "faults"),
        False,
    ),
    (
        "a known story takes another's identity",
        "a further identity that a race gave to another story is passed over, and the append seems to have won",
        (
            (
                "ledger/sql.py",
                "        wanted = claimed_identities(batch)\n",
                "        wanted = {name: story.id for story in batch.stories for name in story.identities}\n",
            ),
        ),
        ("contract", "ledger"),
        False,
    ),
    # --- net, platforms, feed ----------------------------------------------------------------------------------
    (
        "the claim's age is the request's age",
        "a laptop that slept between begin and request sends a claim whose lease others have ended",
        (
            (
                "net/committing.py",
                "        age = self._clock.now() - self._claim.begun\n",
                "        age = timedelta(seconds=DEADLINE - (self._ends - self._clock.monotonic()))\n",
            ),
        ),
        ("net", "faults"),
        True,
    ),
    (
        "a page without posts is an empty account",
        "an answer of X that names posts and brings none proves absence: the post goes out again",
        (
            (
                "platforms/x/timeline.py",
                '    if len(whole) != len(posts) or (not posts and meta.get("result_count") != 0):',
                "    if len(whole) != len(posts):",
            ),
        ),
        ("platforms", "contract"),
        False,
    ),
    (
        "a stranger's key finds the post gone",
        "a retraction with a token that can't see the post is told as done, and the post stands",
        (
            (
                "platforms/facebook/adapter.py",
                "        page = self._own_page()\n        return page if isinstance(page, Unread) else True",
                "        return True",
            ),
        ),
        ("platforms", "contract"),
        False,
    ),
    (
        "a broken older page is the end",
        "a server error on page two says that nothing was missed: a person isn't told",
        (("feed/fetch.py", "        if trouble.status == 404:", "        if trouble.status >= 400:"),),
        ("feed", "pipeline"),
        False,
    ),
)
