"""Joint programmes: developed together, ordered by those that take part."""

PLACE = 40
