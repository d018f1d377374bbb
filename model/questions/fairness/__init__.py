"""What fairness costs."""
