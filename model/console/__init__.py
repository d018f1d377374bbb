"""What every command of the command line needs: its workbook, its options, its output."""

INTERRUPTED = 130
"""The exit code of a run that Ctrl-C ended."""
