"""Public doubles, contract suites and the simulation."""
