"""Makes small BPE models of every kind that BpeEncoder tells apart, and what Python's sentencepiece encodes with them.

    python bpe.py

writes bpe/NAME.model and bpe/vectors.json. Made with sentencepiece 0.2.2.
"""

import io
import json
import pathlib
import random
import tempfile

import sentencepiece

import generate

FOLDER = pathlib.Path(__file__).parent / "bpe"

LLAMA = dict(byte_fallback=True, split_digits=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
             allow_whitespace_only_pieces=True)
# a few replacements of the kinds that NFKC has: one to one, one to many, many to one, to a blank, to nothing
RULES = {"\ufb01": "fi", "\u2460": "1", "e\u0301": "\u00e9", "e\u0301\u0323": "\u1eb9\u0301", "\u00a0": " ", "\u3000": "  ", "\t": " ",
         "\x01": "", "\u200b": "", "A": "a", "ab": "\U0001f600", "\U0001f680": "rocket ", "\u2581": " "}


def train(**settings):
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(generate.TEXT.strip("\n").split("\n")), model_writer=model, model_type="bpe", num_threads=1,
        minloglevel=2, unk_id=0, bos_id=1, eos_id=2, pad_id=-1, **settings)
    return model.getvalue()


def number(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift += 7
        at += 1
        if data[at - 1] < 128:
            return value, at


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def edited(model, edit):
    """The model with each piece's message (its text and the fields behind it) changed."""
    out, at, piece = b"", 0, 0
    while at < len(model):
        tag, at = number(model, at)
        length, at = number(model, at)
        body, at = model[at:at + length], at + length
        if tag >> 3 == 1:
            text, rest = edit(piece, body[2:2 + body[1]], body[2 + body[1]:])
            body = b"\x0a" + varint(len(text)) + text + rest
            piece += 1
        out += varint(tag) + varint(len(body)) + body
    return out


def models():
    llama = train(vocab_size=440, character_coverage=0.98, **LLAMA)
    draw = random.Random(3)
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as rules:
        for source, target in RULES.items():
            rules.write(" ".join("%X" % ord(c) for c in source) + "\t" + " ".join("%X" % ord(c) for c in target) + "\n")
        rules.flush()
        replacing = train(vocab_size=300, character_coverage=0.98, normalization_rule_tsv=rules.name, user_defined_symbols=["[NOTE]", "\u2460x", "A b"])
    return {
        "llama": llama,
        "user-defined": train(vocab_size=420, user_defined_symbols=["[NOTE]", "</s><s>", "\u2581\u2581a", " b", "the", "\u00e9", "=="],
                              control_symbols=["<ctl>"], **LLAMA),
        "replacing": replacing,
        "suffix": train(vocab_size=250, normalization_rule_name="identity", treat_whitespace_as_suffix=True, character_coverage=0.98),
        "across-blanks": train(vocab_size=450, normalization_rule_name="identity", split_by_whitespace=False, byte_fallback=True,
                               remove_extra_whitespaces=False, add_dummy_prefix=False),
        # 0x18 0x05 is the field "type: UNUSED"; a score of 5 bytes alone is a piece of ordinary text
        "unused": edited(llama, lambda i, text, rest: (text, rest + b"\x18\x05" if len(rest) == 5 and i > 259 and draw.random() < 0.4 else rest)),
        "characters-only-within": edited(llama, lambda i, text, rest: (
            b"zz%dq" % i if len(text) == 1 and draw.random() < 0.4 else text, rest)),
        "equal-scores": edited(llama, lambda i, text, rest: (text, b"\x15\0\0\0\xc0" + rest[5:])),
    }


def texts():
    draw = random.Random(17)
    kinds = (
        lambda: draw.choice("aeo \u2581=-") * draw.randrange(1, 50),
        lambda: "".join(draw.choice("abcdehnort ") for _ in range(draw.randrange(1, 70))),
        lambda: draw.choice(list(RULES)) * draw.randrange(1, 4),
        lambda: draw.choice(["[NOTE]", "</s><s>", "<ctl>", "the ", " b", "A b", "\u2460x"]),
        lambda: draw.choice(generate.TEXT.split("\n"))[draw.randrange(20):],
    )
    mixed = ["".join(draw.choice(kinds)() for _ in range(draw.randrange(1, 5))) for _ in range(60)]
    return generate.FIXED + generate.CONTROL_TEXT + generate.random_texts(60, 23) + mixed


def main():
    FOLDER.mkdir(exist_ok=True)
    inputs = texts()
    ids = {}
    for name, model in models().items():
        (FOLDER / (name + ".model")).write_bytes(model)
        processor = sentencepiece.SentencePieceProcessor(model_proto=model)
        ids[name] = [" ".join(map(str, processor.encode(text))) for text in inputs]
    lines = json.dumps({"texts": inputs, "ids": ids}, ensure_ascii=True).replace('", "', '",\n"')
    (FOLDER / "vectors.json").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
