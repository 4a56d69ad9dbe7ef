"""A simulated life of an installation: passes of the real pipeline over the sandbox's models, on one seed.

    python -m crosspost.testing.simulation --year --seed 7

plan.py says how wild a life is; installation.py is what lives: a site, accounts, a ledger, runs; life.py lets time
pass. changes.py, events.py, faults.py and people.py have what may happen. judge.py says what must hold after each
pass, allowed.py what may have gone out, books.py and told.py what must be written down and told, witness.py what
strangers' code says at the end, rare.py what must have happened. campaign.py runs many.
"""

from crosspost.testing.simulation.installation import Tally
from crosspost.testing.simulation.judge import Broken
from crosspost.testing.simulation.life import Simulation
from crosspost.testing.simulation.plan import Evil, Plan

__all__ = ["Broken", "Evil", "Plan", "Simulation", "Tally"]
