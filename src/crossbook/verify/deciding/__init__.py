"""What people decide about trades: that a rule is not to be held against one."""
