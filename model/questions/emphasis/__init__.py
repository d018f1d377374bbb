"""How a plan stands when a type of threat comes to matter more."""
