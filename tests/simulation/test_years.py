"""The short form of `make simulate`: whole years, as many as fit into a minute of processor time."""

from __future__ import annotations

import time
from collections import Counter

from crosspost.testing.simulation import Plan
from crosspost.testing.simulation.campaign import lives
from crosspost.testing.simulation.installation import STRUCK

SECONDS, LEAST, MOST = 60, 3, 60
OFTEN = {"killed", "lost before acceptance", "lost after acceptance", "5xx after acceptance", "feed down"}


def test_as_many_years_as_fit_into_a_minute_hold_every_promise():
    began, seen = time.process_time(), Counter()
    for number, lived in enumerate(lives(range(1, MOST + 1), Plan.drawn), 1):
        assert not lived.broken, lived.broken
        assert lived.counts["published on the site"] >= 60
        assert lived.counts[STRUCK] >= 50
        seen += lived.counts
        if number >= LEAST and seen.keys() >= OFTEN and time.process_time() - began > SECONDS:
            break
    assert not OFTEN - seen.keys(), "these never happened"
