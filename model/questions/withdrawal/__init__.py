"""Members that leave or join."""
