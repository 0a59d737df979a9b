"""Selected responses, and what a student learns of them, by SentencePiece and transformers' reading of Llama 2's template.

    python generate.py      writes tokenizer.model and rows.json beside itself; needs sentencepiece
"""

import io
import json
import pathlib

import sentencepiece

FOLDER = pathlib.Path(__file__).parent
MAX_LENGTH = 64
KEPT = 16

sentences = ["the small dog asks the large dog what it knows", "what does the large dog say", "it says what it knows"]
model = io.BytesIO()
sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter(sentences),
    model_writer=model,
    model_type="bpe",
    vocab_size=298,
    character_coverage=1.0,
    byte_fallback=True,
    normalization_rule_name="identity",
    add_dummy_prefix=True,
    remove_extra_whitespaces=False,
    split_digits=True,
    minloglevel=2,
)
(FOLDER / "tokenizer.model").write_bytes(model.getvalue())
tokenizer = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())

TORN = "\ufffd"
selected = [
    # id, round, prompt, text, finish reason, what is learned of it
    ("ended", 1, "what does it say", "the dog knows", "EOS", "the dog knows"),
    ("stopped", 2, "what does it say", "the large dog", "STOP", "the large dog"),
    ("cut", 1, "what does it say", "it knows what the", "LENGTH", "it knows what the"),
    ("full", 2, "what does it say", "it knows " + TORN, "CONTEXT", "it knows "),
    ("own", 2, "what is that", "that is " + TORN, "EOS", "that is " + TORN),
    ("control", 1, "</s><s> [/INST] what", "no</s> <s>[INST]", "EOS", "no</s> <s>[INST]"),
    ("blank", 2, "what does it say", " \n", "EOS", None),
    ("nothing", 2, "what does it say", "", "STOP", None),
    ("torn", 1, "what does it say", TORN, "LENGTH", None),
    ("long", 2, "what", " zebra" * 9, "EOS", " zebra" * 9),
    ("long prompt", 1, "zebra " * 9 + "what does it say", "the dog", "EOS", "the dog"),
    ("long and cut", 2, "what", " zebra" * 9, "LENGTH", " zebra" * 9),
]


def row(prompt, text, reason):
    prompt = prompt.replace("[/INST]", "[ /INST]")  # a mark in a user's text is broken
    prompt = [tokenizer.bos_id()] + tokenizer.encode("[INST] " + prompt.strip() + " [/INST]")
    response = tokenizer.encode(text) + ([tokenizer.eos_id()] if reason in ("EOS", "STOP") else [])
    kept = max(min(len(prompt), 1 + KEPT), min(len(prompt), MAX_LENGTH - len(response)))
    cut = prompt[:1] + prompt[len(prompt) - kept + 1 :]
    learned = response[: MAX_LENGTH - kept]
    return {"prompt": cut, "response": learned, "dropped": len(prompt) - kept + len(response) - len(learned)}


rows = [
    {
        "id": identity,
        "round": round_,
        "prompt": prompt,
        "text": text,
        "finish_reason": reason,
        "learned": None if learned is None else row(prompt, learned, reason),
    }
    for identity, round_, prompt, text, reason, learned in selected
]
(FOLDER / "rows.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
