"""What the alliance owns together, bought and kept with every member's money."""

PLACE = 30
