"""Messages to China's e-commerce customs (CEB): made from trades, checked, signed with the user's key, sent once."""
