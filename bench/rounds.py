"""Rises of the gold reward, round by round, from what quickstarts of several seeds printed: rounds.py FILE…"""
import re
import sys
from collections import defaultdict

from student import mean_and_half_width

rises = defaultdict(list)
for file in sys.argv[1:]:
    for name, before, after in re.findall(r"^(V\d+): gold reward .*, (-?[\d.]+) to (-?[\d.]+) ", open(file).read(), re.M):
        rises[name].append(float(after) - float(before))
for name, values in rises.items():
    mean, half = mean_and_half_width(values)
    print(f"{name}: {mean:+.3f} ± {half:.3f} over {len(values)} seeds ({', '.join(f'{value:+.3f}' for value in values)})")
