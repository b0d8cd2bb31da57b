"""What people decide about cases of the watch, and about its rules."""
