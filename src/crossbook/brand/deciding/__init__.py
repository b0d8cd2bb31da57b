"""What people decide about brands: that a listing may stay as it is, though it is near a mark."""
