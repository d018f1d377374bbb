"""Charts for the browser."""
