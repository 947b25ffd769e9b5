"""How fast it is: ratios taken in one run, beside what is to be reached."""

from bench.report import Figure, as_json, as_table
from bench.suite import FULL, SHORT, Sizes, run

__all__ = ["FULL", "SHORT", "Figure", "Sizes", "as_json", "as_table", "run"]
