"""Second implementation of words, shingles, min-hashes, n-grams and proportions.

Similarities and overlaps are computed with sets of strings, which share nothing with the hashes under test;
min-hashes are computed with Python's integers. Run: python3 reference.py > reference.json
"""

import fractions
import json
import math
import random
import re
import unicodedata

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def words(text):
    text = unicodedata.normalize("NFKC", text)
    found = []
    for run in re.findall(r"[^\W_]+", text):
        found += re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]|[^\u3040-\u30ff\u4e00-\u9fff]+", run.lower())
    return found


def shingles(passages, width):
    found = set()
    for kind, text in passages:
        run = words(text)
        if run and len(run) < width:
            found.add((kind, tuple(run)))
        for i in range(len(run) - width + 1):
            found.add((kind, tuple(run[i : i + width])))
    return found


def finalise(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def signed(x, bits):
    return x - (1 << bits) if x >> (bits - 1) else x


def least(shingle_hashes, number):
    seed = finalise(GOLDEN * (number + 1) & MASK) >> 32
    best = (1 << 31) - 1
    for x in shingle_hashes:
        h = ((((x & MASK) >> 32) ^ seed) * 0x9E3779B1) & 0xFFFFFFFF
        h = ((h ^ (h >> 15)) * 0x85EBCA77) & 0xFFFFFFFF
        best = min(best, signed(h, 32))
    return best


def band_keys(shingle_hashes, bands, rows):
    keys = []
    for band in range(bands):
        key = band + 1
        for row in range(rows):
            key = finalise((key * GOLDEN + least(shingle_hashes, band * rows + row)) & MASK)
        keys.append(signed(key, 64))
    return keys


def sketch(shingle_hashes):
    bits = 0
    for number in range(64):
        bits = bits << 1 | (least(shingle_hashes, number) & 1)
    return signed(bits, 64)


def sentence(rng, length):
    vocabulary = ["Haus", "it's", "naïve", "x2", "42", "über", "ＡＢＣ", "東京", "ﬁne", "don’t", "OK", "a_b", "e\u0301t"]
    return " ".join(rng.choice(vocabulary) + rng.choice(["", ",", ".", "!?", " -"]) for _ in range(length))


def edited(rng, text):
    parts = text.split(" ")
    for _ in range(rng.randrange(4)):
        parts[rng.randrange(len(parts))] = "edited"
    return " ".join(parts)


def jaccard(a, b):
    return len(a & b) / len(a | b)


def similarities(rng):
    cases = []
    for _ in range(60):
        width = rng.choice([1, 2, 3, 5])
        one = [["USER", sentence(rng, rng.randrange(1, 40))], ["CHOSEN", sentence(rng, rng.randrange(1, 40))]]
        other = [[kind, edited(rng, text)] for kind, text in one]
        if rng.random() < 0.2:
            other = [["USER", one[0][1]], ["REJECTED", one[1][1]]]
        a, b = shingles(one, width), shingles(other, width)
        cases.append(
            {
                "width": width,
                "one": one,
                "other": other,
                "sizes": [len(a), len(b)],
                "similarity": jaccard(a, b),
                "by_parts": min(jaccard(shingles([p], width), shingles([q], width)) for p, q in zip(one, other)),
            }
        )
    return cases


def overlaps(rng):
    cases = []
    for _ in range(80):
        one = sentence(rng, rng.randrange(1, 12))
        other = one + " tail" if rng.random() < 0.5 else edited(rng, sentence(rng, 3) + " " + one)
        length = rng.choice([2, 3, 4, 8])

        def grams(text):
            run = words(text)
            if len(run) < length:
                return {tuple(run)} if len(run) >= 2 else set()
            return {tuple(run[i : i + length]) for i in range(len(run) - length + 1)}

        cases.append({"length": length, "one": one, "other": other, "overlap": bool(grams(one) & grams(other))})
    return cases


def proportions(rng):
    cases = []
    for _ in range(200):
        first, second = rng.randrange(0, 5000), rng.randrange(0, 5000)
        share = rng.choice(["0.5", "0.1", "0.25", "0.333", "0.9"])
        ratio = fractions.Fraction(share) / (1 - fractions.Fraction(share))
        best = max(
            a for a in range(first + 1) if math.floor(a * ratio + fractions.Fraction(1, 2)) <= second
        )
        drawn = [best, math.floor(best * ratio + fractions.Fraction(1, 2))]
        cases.append({"first": first, "second": second, "share": float(share), "drawn": drawn})
    return cases


def min_hashes(rng):
    cases = []
    for size in [1, 2, 17, 300]:
        hashes = sorted(signed(rng.getrandbits(64), 64) for _ in range(size))
        cases.append({"set": hashes, "bands": band_keys(hashes, 5, 3), "sketch": sketch(hashes)})
    return cases


rng = random.Random(3)
print(
    json.dumps(
        {
            "similarities": similarities(rng),
            "overlaps": overlaps(rng),
            "min_hashes": min_hashes(rng),
            "proportions": proportions(rng),
        },
        indent=1,
        ensure_ascii=False,
    )
)
