"""Technology: what is not available yet, joint research, and members that lag behind."""

PLACE = 70
