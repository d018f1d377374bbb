"""The data of a scenario: schema, reading, checks. Loads nothing by itself, so that the command line starts at once."""
