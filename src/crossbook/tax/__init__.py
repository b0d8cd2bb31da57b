"""Tax: numbers of the business, nearness to thresholds, returns as computed lines, and when they are due."""
