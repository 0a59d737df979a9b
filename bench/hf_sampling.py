"""transformers' generate and a padded reward model, on what Hone samples and scores.

  hf_sampling.py reward-model BASE FOLDER                    a sequence classifier on the base model's weights
  hf_sampling.py prompts DATA COUNT K PROMPTS CANDIDATES     token ids of HH prompts, a line each; of K candidates to each
  hf_sampling.py run BASE REWARD_MODEL PROMPTS CANDIDATES K TOKENS HONE    tokens and candidates a second, beside those of HONE

Candidates are HH's: of the chosen and rejected responses to all these prompts, K are drawn for each, none twice. Their lengths
are as uneven as in the wild; the fresh model's own responses all have the same.
"""
import glob
import gzip
import json
import random
import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

LONGEST_PROMPT = 256
MARK = "\n\nAssistant:"
BOS, EOS = 1, 2
ROWS = 64


def reward_model(base, folder):
    torch.manual_seed(2)
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=1)
    model.config.pad_token_id = 0
    model.save_pretrained(folder)


def prompts(data, count, k, prompts_file, candidates_file):
    from sentencepiece import SentencePieceProcessor
    count, k = int(count), int(k)
    tokenizer = SentencePieceProcessor(model_file=f"{data}/tokenizer/llama2_tokenizer.model")
    names = sorted(glob.glob(f"{data}/preference/*/hh-*.gz"))
    rows, responses = [], []
    for i, name in enumerate(names):
        wanted = count * (i + 1) // len(names)
        for line in gzip.open(name, "rt", encoding="utf-8"):
            if len(rows) == wanted:
                break
            pair = json.loads(line)
            prompt, chosen = pair["chosen"].rsplit(MARK, 1)
            ids = [BOS] + tokenizer.encode(prompt + MARK)
            if len(ids) <= LONGEST_PROMPT:
                rows.append(ids)
                responses += [tokenizer.encode(text.strip()) + [EOS]
                              for text in (chosen, pair["rejected"].rsplit(MARK, 1)[1])]
    if k > len(responses):
        sys.exit(f"K: {k} candidates are wanted, and {len(rows)} prompts have {len(responses)} responses; lower K")
    draw = random.Random(4)
    write(prompts_file, rows)
    write(candidates_file, [response for _ in rows for response in draw.sample(responses, k)])


def write(file, rows):
    open(file, "w").write("".join(" ".join(map(str, row)) + "\n" for row in rows))


def read(file):
    return [list(map(int, line.split())) for line in open(file)]


def padded(rows, left):
    longest = max(map(len, rows))
    ids, mask = torch.zeros(len(rows), longest, dtype=torch.long), torch.zeros(len(rows), longest, dtype=torch.long)
    for i, row in enumerate(rows):
        place = slice(longest - len(row), longest) if left else slice(0, len(row))
        ids[i, place], mask[i, place] = torch.tensor(row), 1
    return ids, mask


def run(base, reward, prompts_file, candidates_file, k, tokens, hone):
    k, tokens = int(k), int(tokens)
    figures = dict(line.split() for line in open(hone))
    rows, candidates = read(prompts_file), read(candidates_file)
    model = AutoModelForCausalLM.from_pretrained(base).eval()
    per_batch = max(1, ROWS // k)
    torch.manual_seed(3)
    responses, started = [], time.perf_counter()
    for start in range(0, len(rows), per_batch):
        ids, mask = padded(rows[start:start + per_batch], left=True)
        out = model.generate(
            input_ids=ids, attention_mask=mask, do_sample=True, top_p=0.9, top_k=0, temperature=1.0,
            num_return_sequences=k, max_new_tokens=tokens, eos_token_id=None, pad_token_id=0)
        responses += out[:, ids.shape[1]:].tolist()
    speed = len(responses) * tokens / (time.perf_counter() - started)
    print(f"sampling, tokens/s      Hone {float(figures['tokens']):9.1f}   transformers {speed:9.1f}   "
          f"{float(figures['tokens']) / speed:.2f} times")
    scorer = AutoModelForSequenceClassification.from_pretrained(reward).eval()
    rewards, started = [], time.perf_counter()
    with torch.no_grad():
        for i, row in enumerate(rows):
            ids, mask = padded([row + response for response in candidates[i * k:(i + 1) * k]], left=False)
            rewards += scorer(input_ids=ids, attention_mask=mask).logits[:, 0].tolist()
    speed = len(rewards) / (time.perf_counter() - started)
    print(f"scoring, candidates/s   Hone {float(figures['candidates']):9.1f}   transformers {speed:9.1f}   "
          f"{float(figures['candidates']) / speed:.2f} times")


if __name__ == "__main__":
    {"reward-model": reward_model, "prompts": prompts, "run": run}[sys.argv[1]](*sys.argv[2:])
