"""HH-RLHF's files split by dialogue, and what a linear model reaches on the split.

  hh_split.py split DATA FOLDER FOLD FOLDER/{train,test}/{helpful,harmless}.jsonl, FOLDER/train/documents.jsonl
  hh_split.py linear FOLDER          Bradley-Terry over words and pairs of words of the response
  hh_split.py accuracy EVALUATION    of the models NAME-AXIS-SEED of a `hone evaluate`: means and intervals over the seeds
  hh_split.py pooled WORK            of all WORK/fold-* together, beside the linear model and the longer answer, pair by pair
"""
import glob
import gzip
import hashlib
import json
import math
import os
import random
import re
import sys
from collections import defaultdict

from student import mean_and_half_width

AXES = {"helpful": "helpful/hh-helpful-*.gz", "harmless": "safety/hh-harmless-*.gz"}


def split(data, folder, fold):
    """One fifth of the dialogues is for testing; the documents are the training dialogues, both ways that they end."""
    for side in ("train", "test"):
        os.makedirs(f"{folder}/{side}", exist_ok=True)
    documents = open(f"{folder}/train/documents.jsonl", "w")
    for axis, pattern in AXES.items():
        sides = {side: open(f"{folder}/{side}/{axis}.jsonl", "w") for side in ("train", "test")}
        for file in sorted(glob.glob(f"{data}/preference/{pattern}")):
            for line in gzip.open(file, "rt", encoding="utf-8"):
                row = json.loads(line)
                start = row["chosen"].split("\n\nAssistant:")[0]
                test = hashlib.sha256(start.encode()).digest()[0] % 5 == int(fold)
                sides["test" if test else "train"].write(json.dumps(row) + "\n")
                if not test:
                    for ending in ("chosen", "rejected"):
                        documents.write(json.dumps({"text": row[ending].strip()}) + "\n")


def features(text):
    words = re.findall(r"[a-z']+|[0-9]+|[^\sa-z0-9]", text.lower())
    return set(words) | {f"{a} {b}" for a, b in zip(words, words[1:])}


def pairs(file):
    for line in open(file):
        row = json.loads(line)
        chosen, rejected = (row[side].rsplit("\n\nAssistant:", 1)[-1] for side in ("chosen", "rejected"))
        if chosen != rejected:
            yield features(chosen), features(rejected)


def difference(weights, chosen, rejected):
    apart = sum(weights.get(f, 0) for f in chosen - rejected) - sum(weights.get(f, 0) for f in rejected - chosen)
    return apart / math.sqrt(max(1, len(chosen ^ rejected)))


def trained(file):
    """A linear Bradley-Terry model of a file's pairs: a weight a feature."""
    train, weights, order = list(pairs(file)), {}, random.Random(0)
    for epoch in range(10):
        order.shuffle(train)
        rate = 0.5 / (1 + epoch)
        for chosen, rejected in train:
            step = rate / (1 + math.exp(difference(weights, chosen, rejected))) / math.sqrt(max(1, len(chosen ^ rejected)))
            for f in chosen - rejected:
                weights[f] = 0.9999 * weights.get(f, 0) + step
            for f in rejected - chosen:
                weights[f] = 0.9999 * weights.get(f, 0) - step
    return weights


def right(apart):
    return (apart > 0) + 0.5 * (apart == 0)


def linear(folder):
    for axis in AXES:
        weights = trained(f"{folder}/train/{axis}.jsonl")
        found = [right(difference(weights, *pair)) for pair in pairs(f"{folder}/test/{axis}.jsonl")]
        print(f"linear    {axis:9} {100 * sum(found) / len(found):5.1f} of {len(found)}")


def rows(folder):
    import pyarrow.parquet as parquet
    return [row for file in sorted(glob.glob(f"{folder}/**/*.parquet", recursive=True))
            for row in parquet.read_table(file).to_pylist()]


def pooled(work):
    """All folds together, where every pair is for testing once; a difference is of the same pairs, and its interval too."""
    for axis, table in {"helpful": "helpfulness", "harmless": "safety"}.items():
        found = []  # a pair: its rightness by linear, by longer, and by each kind of model, a mean over the seeds
        for folder in sorted(glob.glob(f"{work}/fold-*")):
            weights = trained(f"{folder}/train/{axis}.jsonl")
            rewards = defaultdict(lambda: defaultdict(list))
            for model in glob.glob(f"{folder}/evaluation-*/rewards/set={axis}/model=*{table}-*"):
                kind = model.rsplit("=", 1)[-1].rsplit("-", 1)[0]
                for row in rows(model):
                    rewards[row["id"]][kind].append(right(row["chosen_reward"] - row["rejected_reward"]))
            for row in rows(f"{folder}/data-test/curated/{table}"):
                if row["id"] in rewards:
                    chosen, rejected = row["chosen"], row["rejected"]
                    judged = {kind: sum(r) / len(r) for kind, r in rewards[row["id"]].items()}
                    judged["linear"] = right(difference(weights, features(chosen), features(rejected)))
                    judged["longer"] = right(len(chosen) - len(rejected))
                    found.append(judged)
        for kind in sorted(found[0]) if found else []:
            values = [100 * judged[kind] for judged in found]
            line = f"{axis:9} {kind:20} {sum(values) / len(values):5.1f} of {len(values)}"
            for baseline in ("linear", "longer"):
                mean, half = mean_and_half_width([v - 100 * judged[baseline] for v, judged in zip(values, found)])
                line += f", {mean:+.1f} ± {half:.1f} beside {baseline}" if kind not in ("linear", "longer") else ""
            print(line)


def accuracy(folder):
    import pyarrow.parquet as parquet
    found = defaultdict(list)
    for row in parquet.read_table(f"{folder}/figures.parquet").to_pylist():
        if row["figure"] == "accuracy" and row["dimension"] == "all":
            name = row["model"].rsplit("-", 1)[0] if row["baseline"] is None else row["baseline"]
            found[row["set"], name].append(row)
    for (pairs_of, name), rows in sorted(found.items()):
        values = [100 * row["value"] for row in rows]
        mean, half = mean_and_half_width(values)
        line = f"{pairs_of:9} {name:20} {mean:5.1f}"
        if len(values) > 1 and max(values) > min(values):
            line += f" ± {half:.1f} over {len(values)} seeds,"
            line += " pairs of each: " + ", ".join(f"{100 * r['low']:.1f}-{100 * r['high']:.1f}" for r in rows)
        print(line)


if __name__ == "__main__":
    {"split": split, "linear": linear, "accuracy": accuracy, "pooled": pooled}[sys.argv[1]](*sys.argv[2:])
