"""From an .xlsx file to a scenario: the gate, the cells, the rows, every fault gathered."""
