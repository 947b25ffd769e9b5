"""The field's rules as pure functions over dated rule data: periods, time limits, gate checks."""
