"""Measurements, each printed from one run as ratios; nothing here is a test."""
