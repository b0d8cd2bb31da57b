"""What people decide about what files tell: whether two of them tell one thing."""
