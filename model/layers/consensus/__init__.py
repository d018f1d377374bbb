"""What members have to agree to, tasks they stay out of, and who is outvoted."""

PLACE = 10
