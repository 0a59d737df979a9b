"""Means and Student's 95 % intervals, of few runs or of very many pairs."""
import math

# of n runs, n - 1 degrees of freedom
QUANTILES = {2: 12.71, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}


def mean_and_half_width(values):
    n = len(values)
    mean = sum(values) / n
    if n < 2:
        return mean, math.nan
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (n - 1))
    return mean, (1.96 if n > 1000 else QUANTILES[n]) * deviation / math.sqrt(n)
