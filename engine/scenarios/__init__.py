"""Scenarios: a procurement's course written as YAML, run on a clock of its own.

They are tests that a process designer reads and writes; `docs/scenarios.md` describes the format.
"""
