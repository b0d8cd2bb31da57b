"""Odds as people read them. What rounds to 1 is not certain, and what rounds to 0 is not impossible: neither is shown
as if it were. A posterior is a sum of floats: one that came out as 1.0 has lost its rest on the way and proves nothing.
"""

OVER, UNDER = "over 99.9 %", "under 0.1 %"


def odds(probability: float, decimals: int = 2) -> str:
    """A probability in percent, in English (the catalogue has the words in Chinese).

    >>> odds(0.97321), odds(0.97321, 0), odds(0.9962, 0), odds(0.99996), odds(1.0), odds(0.0001), odds(0)
    ('97.32%', '97%', '99.6%', 'over 99.9 %', 'over 99.9 %', 'under 0.1 %', '0.00%')
    """
    if probability >= 0.9995:
        return OVER
    if 0 < probability < 0.0005:
        return UNDER
    text = f"{probability:.{decimals}%}"
    return f"{probability:.1%}" if text == "100%" or (text == "0%" and probability) else text
