"""What people decide about cases and notices: that they came, what happened, what was kept, how they ended."""
