"""Writes reference.json: SplitMix64 and Fisher-Yates written a second time, in Python's unbounded integers.

Run: python reference.py
"""
import json
import pathlib

MASK = 2**64 - 1
GAMMA = 0x9E3779B97F4A7C15


def finalise(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def bits(seed, counter):
    return finalise((seed + GAMMA * (counter + 1)) & MASK)


def fnv1a(text):
    state = 0xCBF29CE484222325
    for byte in text.encode():
        state = ((state ^ byte) * 0x100000001B3) & MASK
    return state


def mix(*values):
    seed = finalise(GAMMA * (len(values) + 1) & MASK)
    for value in values:
        seed = finalise((seed + GAMMA + finalise(value & MASK)) & MASK)
    return seed


def permutation(size, seed):
    order = list(range(size))
    for place in range(size - 1, 0, -1):
        other = (bits(seed, place) >> 1) * (place + 1) >> 63
        order[place], order[other] = order[other], order[place]
    return order


def signed(value):
    return value - 2**64 if value >= 2**63 else value


reference = {
    "mix": signed(mix(20, 3, fnv1a("prompt-İ1"), -5)),
    "permutation": permutation(37, 123456789),
    "uniform": [(bits(42, counter) >> 11) / 2**53 for counter in range(8)],
}
pathlib.Path(__file__).with_name("reference.json").write_text(json.dumps(reference, indent=1) + "\n")
