"""What if: the plan beside the one after some changes."""
