"""How far prices hold, what moves the result most, what would turn it."""
