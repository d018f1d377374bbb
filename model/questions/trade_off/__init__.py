"""What one measure costs in another."""
