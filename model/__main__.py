"""`python -m model` is the command `alliance`."""

from model.cli import main

main()
