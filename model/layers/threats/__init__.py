"""Types of threat: risk and coverage by type."""

PLACE = 80
