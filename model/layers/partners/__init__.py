"""Partners from outside: what they pay for and what they lend."""

PLACE = 50
