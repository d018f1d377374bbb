"""What everything is said in: names, units, columns, faults, and what a rule is."""
