"""What a rule of the alliance costs."""
