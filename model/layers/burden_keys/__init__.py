"""Burden-sharing keys: what each member's fair share is."""

PLACE = 20
