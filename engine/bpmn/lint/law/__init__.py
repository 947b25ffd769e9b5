"""What the law demands of the order of a procedure. `table` has the rules, `judge` asks them."""
