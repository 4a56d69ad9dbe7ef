"""A simulated life of an installation: passes of the real pipeline over the sandbox's models, on one seed.

    python -m crosspost.testing.simulation --year --seed 7

plan.py says how wild a life is, life.py lives it, strikes.py has what may happen, judge.py what must hold after each
pass, witness.py what strangers' code says at the end, rare.py what must have happened, campaign.py runs many.
"""

from crosspost.testing.simulation.judge import Broken
from crosspost.testing.simulation.life import Simulation, Tally
from crosspost.testing.simulation.plan import Evil, Plan

__all__ = ["Broken", "Evil", "Plan", "Simulation", "Tally"]
