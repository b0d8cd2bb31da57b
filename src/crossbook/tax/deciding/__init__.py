"""What people decide about taxes: that a return was filed."""
