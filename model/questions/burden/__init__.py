"""Who bears what, against every key."""
