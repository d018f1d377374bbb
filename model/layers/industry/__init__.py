"""Industry: whose suppliers earn what, what they can make and what must come back."""

PLACE = 60
