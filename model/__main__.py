"""`python -m model` is the command `alliance`."""

from model.cli.app import main

main()
