"""Cost sharing: what each member would be charged, and whether any group would rather go alone."""
