"""What is settled by the facts and what is open to negotiation."""
