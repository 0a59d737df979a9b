"""What a policy's answers to held-out prompts are worth, by term of the gold reward, in two runs of the quickstart.

  pool.py export FILE NAME=RUN…      the answers of every round as JSON lines
  pool.py compare FILE NAME OTHER    means by round, and the paired difference of the two in each round with its 95 % interval
"""
import json
import math
import os
import sys
from collections import defaultdict

import pyarrow.parquet as parquet


def export(file, *runs):
    with open(file, "w") as out:
        for named in runs:
            name, run = named.split("=", 1)
            number = 1
            while os.path.isdir(f"{run}/v{number}/gold/after"):
                tables = {f"v{number}": "after"} | ({"sft": "before"} if number == 1 else {})
                for label, table in tables.items():
                    for row in parquet.read_table(f"{run}/v{number}/gold/{table}").to_pylist():
                        answer = {"run": name, "round": label, "id": row["prompt_id"]}
                        out.write(json.dumps(answer | {"prompt": row["prompt"], "text": row["text"]}) + "\n")
                number += 1


def compare(file, name, other):
    answers, terms = defaultdict(lambda: defaultdict(list)), ["gold"]
    for line in open(file):
        row = json.loads(line)
        row["terms"]["gold"] = sum(row["terms"].values())
        answers[row["run"], row["round"]][row["id"]].append(row["terms"])
        terms += [term for term in row["terms"] if term not in terms]

    def by_prompt(key, term):
        return {prompt: sum(t.get(term, 0) for t in of) / len(of) for prompt, of in answers[key].items()}

    rounds = sorted({label for _, label in answers})
    keys = [(run, label) for run in (name, other) for label in rounds]
    print(" " * 14 + "".join(f"{run + ' ' + label:>18}" for run, label in keys))
    for term in terms:
        means = [by_prompt(key, term) for key in keys]
        print(f"{term:14}" + "".join(f"{sum(m.values()) / len(m):18.3f}" for m in means))
    for label in rounds:
        for term in terms:
            one, two = by_prompt((name, label), term), by_prompt((other, label), term)
            apart = [one[prompt] - two[prompt] for prompt in one]
            mean = sum(apart) / len(apart)
            half = 1.96 * math.sqrt(sum((d - mean) ** 2 for d in apart) / (len(apart) - 1) / len(apart))
            if abs(mean) > half > 0:
                print(f"{label}: {term}: {name} - {other} {mean:+.3f} ± {half:.3f}")


if __name__ == "__main__":
    {"export": export, "compare": compare}[sys.argv[1]](*sys.argv[2:])
