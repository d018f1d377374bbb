"""The figures in the pages of the scenarios: reckoned from the workbooks, so that nobody types one by hand."""
