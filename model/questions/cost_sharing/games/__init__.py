"""Cooperative games: who should be charged what of a cost that members bear together, and whether any group would rather go alone."""
