"""Writes the rows that Hone's chat templates are held against.

The texts are put together here as Meta's chat_completion (llama/generation.py) does it, or as the HH-RLHF files are
written, each exchange in one string, and tokenised whole: Hone tokenises prompt and response apart and must get the same.
    python generate.py
"""

import json
import pathlib

import sentencepiece

HERE = pathlib.Path(__file__).parent
TOKENIZER = sentencepiece.SentencePieceProcessor(model_file=str(HERE.parent / "tokenizer" / "sentencepiece" / "tokenizer.model"))
BOS, EOS = [TOKENIZER.bos_id()], [TOKENIZER.eos_id()]

DIALOGUES = [
    [("user", "How much is a loaf?")],
    [("user", "  How much is a loaf?\n")],
    [("system", "Answer in a short letter."), ("user", "What grows in winter?")],
    [("system", "Answer in\ntwo lines."), ("user", " What grows in winter? "), ("assistant", "Kale, leeks, and patience."),
     ("user", "And 123 in the summer?")],
    [("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", " d\n"), ("user", "\U0001f680")],
    [("user", ""), ("assistant", "Warm bread"), ("user", "\n\n")],
]
RESPONSES = ["Warm bread, sweet rolls.", " with a space before", "", "\n", "42", "caf\u00e9 \U0001f600 \u0000", "ends with a space "]


def exchanges(dialogue):
    system, turns = (dialogue[0][1], dialogue[1:]) if dialogue[0][0] == "system" else (None, dialogue)
    users, answers = turns[0::2], turns[1::2]
    return system, [text for _, text in users], [text for _, text in answers]


def llama2(dialogue):
    system, users, answers = exchanges(dialogue)
    if system is not None:
        users[0] = f"<<SYS>>\n{system}\n<</SYS>>\n\n{users[0]}"
    row = list(BOS)
    for user, answer in zip(users, answers):
        row += TOKENIZER.encode(f"[INST] {user.strip()} [/INST] {answer}") + EOS
    return row + TOKENIZER.encode(f"[INST] {users[-1].strip()} [/INST]")


def plain(dialogue):
    system, users, answers = exchanges(dialogue)
    prefix = "" if system is None else f"\n\nSystem: {system}"
    row = list(BOS)
    for user, answer in zip(users, answers):
        row += TOKENIZER.encode(f"{prefix}\n\nHuman: {user}\n\nAssistant: {answer}") + EOS
        prefix = ""
    return row + TOKENIZER.encode(f"{prefix}\n\nHuman: {users[-1]}\n\nAssistant:")


def response(text):
    """What continues the mark's text: the ids of mark, space and text, after those of the mark."""
    mark = TOKENIZER.encode("[/INST]")
    ids = TOKENIZER.encode("[/INST] " + text) if text else list(mark)
    assert ids[: len(mark)] == mark
    return ids[len(mark):] + EOS


def main():
    vectors = {
        "dialogues": [
            {"turns": [{"role": role.upper(), "text": text} for role, text in dialogue],
             "llama2": llama2(dialogue), "plain": plain(dialogue)} for dialogue in DIALOGUES],
        "responses": [{"text": text, "ids": response(text)} for text in RESPONSES],
    }
    lines = json.dumps(vectors).replace("}, {\"t", "},\n{\"t")
    (HERE / "vectors.json").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
