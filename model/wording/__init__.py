"""Figures and lists as text: the only room that turns one into the other."""
