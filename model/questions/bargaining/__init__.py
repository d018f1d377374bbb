"""What a bargain between the members would choose."""
