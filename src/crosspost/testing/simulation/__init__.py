"""A simulated life of an installation: passes of the real pipeline over the sandbox's models, on one seed.

    python -m crosspost.testing.simulation --seed 7 --days 365

life.py lives it, strikes.py has what may happen, judge.py what must hold, rare.py what must have happened.
"""

from crosspost.testing.simulation.judge import Broken
from crosspost.testing.simulation.life import Plan, Simulation, Tally, campaign

__all__ = ["Broken", "Plan", "Simulation", "Tally", "campaign"]
