"""Scenarios, runs and plans beside one another."""
