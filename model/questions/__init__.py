"""What is asked of a plan, a room a question: the result, its words, its chart, its command."""
