"""The version of the program: read here when it is built, and by every run, installed or not."""

__version__ = "0.1.0"
