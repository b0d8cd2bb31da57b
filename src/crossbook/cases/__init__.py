"""Cases: procedures as dated data, and clocks that turn what happened into what is due."""
