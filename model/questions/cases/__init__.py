"""One plan for all cases."""
