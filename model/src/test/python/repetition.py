"""Writes what RepetitionPenaltyTest compares Hone's sampler with: greedy tokens of transformers with a repetition penalty,
by the models that parity.py has written.

    OMP_NUM_THREADS=1 python model/src/test/python/repetition.py model/src/test/resources/parity

Made with torch 2.13.0 and transformers 5.18.0.
"""

import argparse
import base64
import json
import pathlib

import torch
from transformers import LlamaConfig, LlamaForCausalLM

PENALTIES = (1.0, 1.3, 0.8)
NEW_TOKENS = 40
# a rounding error must not decide
SMALLEST_MARGIN = 1e-3


def model(reference):
    read = LlamaForCausalLM(LlamaConfig(**reference["config"], pad_token_id=0, attn_implementation="eager"))
    with torch.no_grad():
        for name, parameter in read.named_parameters():
            array = reference["weights"][name]
            data = torch.frombuffer(bytearray(base64.b64decode(array["data"])), dtype=torch.float32)
            parameter.copy_(data.reshape(array["shape"]))
    return read.eval()


def greedy(policy, prompt, penalty):
    out = policy.generate(
        torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), max_new_tokens=NEW_TOKENS,
        do_sample=False, eos_token_id=None, repetition_penalty=penalty, output_scores=True, return_dict_in_generate=True)
    for scores in out.scores:
        best, second = scores[0].topk(2).values.tolist()
        assert best - second > SMALLEST_MARGIN, f"{best - second} between the best two"
    return out.sequences[0, len(prompt):].tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where parity.py's JSON files are, and where this one is written")
    folder = parser.parse_args().folder
    torch.set_num_threads(1)
    cases = []
    for name in ("mha", "gqa", "mqa"):
        reference = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        policy = model(reference)
        for prompt in (reference["prompt"], reference["rows"][0]):
            cases += [{"model": name, "prompt": prompt, "penalty": penalty, "greedy": greedy(policy, prompt, penalty)}
                      for penalty in PENALTIES]
    lines = ",\n ".join(json.dumps(case) for case in cases)
    (folder / "repetition.json").write_text(f"[{lines}]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
