"""One validated set of inputs, its schema, its checks and its levers."""
