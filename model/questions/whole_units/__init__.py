"""The apportionment in whole units."""
