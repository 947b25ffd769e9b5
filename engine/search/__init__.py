"""What can be found: words as they are compared, what each fact is found by, what one asks for."""
