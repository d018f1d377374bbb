"""Many runs under different levers."""
