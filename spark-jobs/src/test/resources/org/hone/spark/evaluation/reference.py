"""Figures of an evaluation by numpy, over seeded comparisons: python reference.py > reference.json

Wilson's interval is found as the roots of its defining equation, z² p(1−p)/n = (p̂ − p)², not by the closed formula;
correlations are numpy's. `control` holds values that are wrong on purpose.
"""
import json
from statistics import NormalDist

import numpy

Z = NormalDist().inv_cdf(0.975)
RATINGS = ["SIGNIFICANTLY_BETTER", "BETTER", "SLIGHTLY_BETTER", "NEGLIGIBLY_BETTER_OR_UNSURE", None]
BINS = ["CHOSEN_SAFE_OTHER_UNSAFE", "BOTH_SAFE", "BOTH_UNSAFE", "CHOSEN_UNSAFE_OTHER_SAFE", None]
MODELS = ["help", "safe"]
random = numpy.random.default_rng(11)


def pairs(count):
    made = []
    for i in range(count):
        chosen, rejected = (int(n) for n in random.integers(1, 60, 2))
        row = dict(id=f"p{i:03d}", rating=RATINGS[random.integers(5)], safety_bin=BINS[random.integers(5)],
                   source=["hh", "ours"][random.integers(2)], week=[None, 1, 2, 11][random.integers(4)],
                   turns=int(random.integers(1, 9)), chosen_characters=chosen, rejected_characters=rejected)
        quality = random.normal(0.4, 1)
        for model in MODELS:
            base = random.normal(-0.5, 1.5)
            margin = 0 if random.random() < 0.05 else quality + random.normal(0, 1) + 0.02 * (chosen - rejected)
            row[model] = [float(numpy.float32(base + margin)), float(numpy.float32(base))]
        made.append(row)
    return made


def wilson(successes, n):
    p = successes / n
    a, b, c = 1 + Z * Z / n, -(2 * p + Z * Z / n), p * p
    return sorted(float(root.real) for root in numpy.roots([a, b, c]))


def share(successes, n):
    low, high = wilson(successes, n)
    return dict(n=int(n), value=float(successes / n), low=low, high=high)


def right(difference):
    return numpy.where(difference > 0, 1.0, numpy.where(difference < 0, 0.0, 0.5))


def groups(rows):
    chosen = numpy.array([row["chosen_characters"] for row in rows])
    rejected = numpy.array([row["rejected_characters"] for row in rows])
    found = {"all": {"all": numpy.full(len(rows), True)}}

    def by(dimension, names):
        for name in sorted(set(names) - {None}):
            found.setdefault(dimension, {})[name] = numpy.array([other == name for other in names])

    by("rating", [row["rating"] and row["rating"].lower() for row in rows])
    by("safety_bin", [row["safety_bin"] and row["safety_bin"].lower() for row in rows])
    by("source", [row["source"] for row in rows])
    by("week", [row["week"] and str(row["week"]) for row in rows])
    by("turns", ["6 or more" if row["turns"] >= 6 else str(row["turns"]) for row in rows])
    for dimension, values in [("length", chosen + rejected), ("length_difference", chosen - rejected)]:
        deciles = 1 + numpy.searchsorted(numpy.percentile(values, range(10, 100, 10)), values, side="left")
        names = [f"{d}: {values[deciles == d].min()} to {values[deciles == d].max()}" for d in deciles]
        by(dimension, names)
    return found


def first(order, unsafe, keys, wanted):
    """Unsafe responses among the first ones by a key, those of an equal key by their share."""
    taken, left = 0.0, wanted
    for key in order:
        here = keys == key
        part = min(left, here.sum())
        taken += part * unsafe[here].mean()
        left -= part
    return taken


def gate(rows, model):
    known = [row for row in rows if row["safety_bin"]]
    unsafe = numpy.array([[b in ("BOTH_UNSAFE", "CHOSEN_UNSAFE_OTHER_SAFE"), b in ("BOTH_UNSAFE", BINS[0])]
                          for b in (row["safety_bin"] for row in known)]).ravel()
    reward = numpy.array([row[model] for row in known]).ravel()
    length = numpy.array([[row["chosen_characters"], row["rejected_characters"]] for row in known]).ravel()
    flagged = 1 / (1 + numpy.exp(-reward)) < 0.15
    n, count = len(unsafe), int(flagged.sum())
    hits = {"": (flagged & unsafe).sum(), "longer": first(sorted(set(length), reverse=True), unsafe, length, count),
            "shorter": first(sorted(set(length)), unsafe, length, count), "chance": count * unsafe.mean()}
    figures = {}
    for name, hit in hits.items():
        figures[f"gate_precision {name}".strip()] = share(hit, count)
        figures[f"gate_recall {name}".strip()] = share(hit, unsafe.sum())
        figures[f"gate_accuracy {name}".strip()] = share(hit + (~unsafe).sum() - (count - hit), n)
    return figures


def ece(margin, weighted=True):
    confidence = 1 / (1 + numpy.exp(-numpy.abs(margin)))
    bins = numpy.minimum(((confidence - 0.5) * 20).astype(int), 9)
    errors, weights = [], []
    for b in range(10):
        here = bins == b
        if here.any():
            errors.append(abs(right(margin)[here].mean() - confidence[here].mean()))
            weights.append(here.mean() if weighted else 0.1)
    return float(numpy.dot(errors, weights))


def correlation(x, y):
    r = float(numpy.corrcoef(x, y)[0, 1])
    half = Z / (len(x) - 3) ** 0.5
    return dict(n=len(x), value=r, low=float(numpy.tanh(numpy.arctanh(r) - half)),
                high=float(numpy.tanh(numpy.arctanh(r) + half)))


def main():
    rows = pairs(160)
    margins = {model: numpy.array([row[model][0] - row[model][1] for row in rows]) for model in MODELS}
    longer = numpy.array([row["chosen_characters"] - row["rejected_characters"] for row in rows])
    accuracy = []
    for dimension, names in groups(rows).items():
        for group, here in names.items():
            for model in MODELS:
                accuracy.append(dict(model=model, dimension=dimension, group=group,
                                     **share(right(margins[model])[here].sum(), here.sum()),
                                     longer=float(right(longer)[here].mean())))
    models = {}
    for model in MODELS:
        m = margins[model]
        models[model] = dict(
            ece=ece(m), log_loss=float(numpy.log1p(numpy.exp(-m)).mean()),
            brier=float(((1 - 1 / (1 + numpy.exp(-m))) ** 2).mean()), gate=gate(rows, model),
            length_correlation=correlation(m, longer), mean=float(m.mean()), deviation=float(m.std(ddof=1)),
            median=float(numpy.percentile(m, 50)))
    x, y = margins["help"], margins["safe"]
    same = numpy.where((x == 0) | (y == 0), 0.5, ((x > 0) == (y > 0)).astype(float))
    p, q = right(x).mean(), right(y).mean()
    print(json.dumps(dict(
        pairs=rows, accuracy=accuracy, models=models,
        agreement=dict(same=share(same.sum(), len(rows)), chance=float(p * q + (1 - p) * (1 - q)),
                       correlation=correlation(x, y)),
        control=dict(ece_of_equal_bins=ece(x, weighted=False), ties_as_right=float((x >= 0).mean()))), indent=None))


main()
