"""Cases: what may come, how likely, and one plan for all of it."""

PLACE = 90
