"""The Python side of bench/tokenize: lines through sentencepiece, one call a line, the median of some passes."""

import statistics
import sys
import time

import sentencepiece

PASSES = 5


def main(model, text):
    processor = sentencepiece.SentencePieceProcessor(model_file=model)
    with open(text, encoding="utf-8", newline="\n") as file:
        lines = file.read().split("\n")
    megabytes = sum(len(line.encode()) for line in lines) / 1e6
    rates = []
    for _ in range(PASSES):
        start = time.perf_counter()
        ids = sum(len(processor.encode(line)) for line in lines)
        rates.append(megabytes / (time.perf_counter() - start))
    print(f"sentencepiece {sentencepiece.__version__}: {statistics.median(rates):.1f} MB/s, {len(lines)} lines, {ids} ids, one core")


main(*sys.argv[1:3])
