"""The short form of `make simulate`: whole years, as many as fit into a minute of processor time."""

from __future__ import annotations

import time
from itertools import count

from crosspost.testing.simulation import Plan
from crosspost.testing.simulation.campaign import lives
from crosspost.testing.simulation.installation import STRUCK

SECONDS, LEAST = 60, 3


def test_as_many_years_as_fit_into_a_minute_hold_every_promise():
    began = time.process_time()
    for number, lived in enumerate(lives(count(1), Plan.drawn), 1):
        assert not lived.broken, lived.broken
        assert lived.counts["published on the site"] >= 60
        assert lived.counts[STRUCK] >= 50
        if number >= LEAST and time.process_time() - began > SECONDS:
            break
