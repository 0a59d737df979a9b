"""Means over the seeds of two evaluations, with 95 % intervals (Student's), and differences from the first variant, seed by
seed: accuracy by rating, and what the safety gate finds."""
import math
import sys
from collections import defaultdict

import pyarrow.parquet as parquet

from student import mean_and_half_width

RATINGS = ["significantly_better", "better", "slightly_better", "negligibly_better_or_unsure"]


def interval(values):
    mean, half = mean_and_half_width(values)
    return f"{100 * mean:5.1f}        " if math.isnan(half) else f"{100 * mean:+6.1f} ± {100 * half:4.1f}"


def figures(folder):
    found = defaultdict(lambda: defaultdict(dict))
    for row in parquet.read_table(f"{folder}/figures.parquet").to_pylist():
        if row["baseline"] is None and "-" in row["model"]:  # agreement of two models is about both
            variant, seed = row["model"].rsplit("-", 1)
            found[row["figure"], row["group"]][variant][seed] = row["value"]
    return found


def show(title, columns, found):
    variants = list(next(iter(found.values())).keys())
    print(f"{title:12}" + "".join(f"{name:>16}" for name, _ in columns))
    for variant in variants:
        print(f"{variant:12}" + "".join(f"{interval(list(found[key][variant].values())):>16}" for _, key in columns))
    for variant in variants[1:]:
        line = f"{'  - ' + variants[0]:12}"
        for _, key in columns:
            ours, first = found[key][variant], found[key][variants[0]]
            line += f"{interval([ours[seed] - first[seed] for seed in ours]):>16}"
        print(line + f"   {variant}")


margins, safety = (figures(folder) for folder in sys.argv[1:])
show("margin", [("all", ("accuracy", "all"))] + [(r.split("_")[0], ("accuracy", r)) for r in RATINGS], margins)
print()
show("safety loss",
     [("all", ("accuracy", "all"))]
     + [(f"{name.split('_')[1]} {t}", (name, t)) for t in ("0.15", "0.50") for name in ("gate_recall", "gate_precision")],
     safety)
