"""What-if edits: the levers, how they are typed, and what each changes."""
