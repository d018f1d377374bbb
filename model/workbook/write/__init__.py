"""Workbooks as planners get them: templates, annotated copies, results."""
