"""Writes sentencepiece.json: what SentencePiece says of corpus.txt and of the vocabulary that Hone trained on it.

Run beside the files, with Python's sentencepiece (0.2.2 made the stored ones):

    python reference.py

"pieces" come from SentencePiece's own trainer on the same text. "vectors" come from SentencePiece's encoder with
tokenizer.model, the file that Hone wrote; BpeTrainerTest says how to write it anew.
"""

import json
import os
import tempfile

import sentencepiece

here = os.path.dirname(os.path.abspath(__file__))
corpus = os.path.join(here, "corpus.txt")

with tempfile.TemporaryDirectory() as folder:
    prefix = os.path.join(folder, "own")
    sentencepiece.SentencePieceTrainer.train(
        input=corpus,
        model_prefix=prefix,
        vocab_size=1000,
        model_type="bpe",
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        character_coverage=0.998,
        allow_whitespace_only_pieces=True,
        num_threads=1,
        minloglevel=2,
    )
    own = sentencepiece.SentencePieceProcessor(model_file=prefix + ".model")
    pieces = [own.id_to_piece(i) for i in range(own.get_piece_size())]

hone = sentencepiece.SentencePieceProcessor(model_file=os.path.join(here, "tokenizer.model"))
assert (hone.unk_id(), hone.bos_id(), hone.eos_id(), hone.pad_id()) == (0, 1, 2, -1)
assert all(hone.is_byte(i) for i in range(3, 259)) and not hone.is_byte(259)

with open(corpus, encoding="utf-8") as file:
    lines = file.read().splitlines()
texts = lines[:100] + lines[500:] + [
    "", " ", "  ", "a", " a", "a ", "\t", "a\tb", "line\nbreak", "\r\n", "\u2581literal", "</s><s><unk>", "<0x0A>",
    "\U0001F642 \U0001F469\u200d\U0001F680 emoji", "\U0001F600" * 3, "combining e\u0301", "zero\u200bwidth", "\u00a0nbsp",
    "unseen Ж Ǆ ﷺ 龘", "aaaaaaaaaaaaa", "x" * 100, "12345 ６７", "copper kettle", "\u0000nul",
]
vectors = [{"text": text, "ids": hone.encode(text)} for text in texts]
for vector in vectors:
    decoded = hone.decode(vector["ids"])
    assert decoded == vector["text"].replace("\u2581", " "), (decoded, vector["text"])

with open(os.path.join(here, "sentencepiece.json"), "w", encoding="utf-8", newline="\n") as file:
    json.dump({"made-by": "reference.py with sentencepiece " + sentencepiece.__version__, "pieces": pieces,
               "vectors": vectors}, file, ensure_ascii=True, indent=0)
    file.write("\n")
