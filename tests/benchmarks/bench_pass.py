"""What a pass costs, as ratios of one run: one that finds nothing, one that reads the feed, ten stories to two platforms.

Over the sandbox's models, without sockets: the real pipeline, tweepy and requests code, SQLite in memory.
"""

import statistics
from dataclasses import replace
from datetime import timedelta
from time import perf_counter

from crosspost.testing.simulation import Plan, Simulation

RUNS = 15


def installation(seed, make=Simulation):
    """One that has run before, with room for ten stories at once."""
    life = make(seed, Plan(days=1))
    roomy = tuple(
        replace(target, policy=replace(target.policy, flood=50, max_per_run=50)) for target in life.settings.targets
    )
    life.settings = replace(life.settings, targets=roomy)
    life.begin()
    life.time.advance(3600)
    return life


def timed(prepare, life):
    prepare(life)
    began = perf_counter()
    life.process()
    return perf_counter() - began


def nothing(life):
    """Nothing is new: the feed answers 304."""


def touched(life):
    """Something changed in an old post: the feed is read, nothing goes out."""
    life.site.edit(100, life.time.now)


def ten(life):
    """Ten new stories, for both platforms: twenty posts."""
    for minutes in range(20, 30):
        life.site.publish(life.time.now, life.time.now - timedelta(minutes=minutes))


def median(prepare):
    times = [timed(prepare, installation(seed)) for seed in range(RUNS)]
    return statistics.median(times)


def main():
    installation(0).process()  # everything is loaded once
    base = median(nothing)
    read, posts = median(touched), median(ten)
    life = installation(99)
    timed(ten, life)
    assert len(life.x.timeline()) == len(life.facebook.timeline()) == 10
    print(f"a pass that finds nothing        1.0  ({base * 1000:.1f} ms here)")
    print(f"a pass that reads the feed      {read / base:5.1f}")
    print(f"ten stories to two platforms    {posts / base:5.1f}  ({posts / base / 20:.2f} a post)")


if __name__ == "__main__":
    main()
