"""Writes what RankingObjectiveTest compares: losses and gradients of a reward model with a safety head, centred rewards and
prefixes that are ranked too, in plain PyTorch over transformers' LlamaForSequenceClassification, and the centring term as TRL's
RewardTrainer has it.

    OMP_NUM_THREADS=1 python model/src/test/python/reward_parts.py model/src/test/resources/reward-parts

Made with torch 2.13.0 and transformers 5.18.0.
"""

import argparse
import json
import pathlib
import shutil

import torch
from torch import nn
from transformers import LlamaForSequenceClassification

from checkpoints import configuration, randomise

PAIRS = [  # prompt, chosen, rejected, margin, chosen is safe, rejected is safe
    ([1, 5, 9], [2, 30, 17, 4], [8, 8], 1.0, True, False),
    ([1, 7], [3, 3, 3], [11, 12, 13, 14], 0.0, None, None),
    ([1, 6, 6, 6], [21], [22, 23], 2 / 3, False, False),
    ([1, 4, 10], [19, 20, 5], [19, 25], 1 / 3, True, True),
]
CENTERING, SAFETY, PREFIXES = 0.3, 0.7, 0.6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where the model and the numbers are written")
    folder = parser.parse_args().folder
    shutil.rmtree(folder, ignore_errors=True)
    config = configuration(False)
    config.num_labels, config.pad_token_id = 1, 0
    model = randomise(LlamaForSequenceClassification(config), 3)
    safety = nn.Linear(config.hidden_size, 1, bias=False)
    with torch.no_grad():
        safety.weight.copy_(torch.linspace(-0.5, 0.6, config.hidden_size)[None])
    model.save_pretrained(folder / "model")
    model, safety = model.double(), safety.double()

    def read(row):
        hidden = model.model(torch.tensor([row])).last_hidden_state[0, -1]
        return model.score(hidden)[0], safety(hidden)[0]

    chosen = [read(prompt + answer) for prompt, answer, *_ in PAIRS]
    rejected = [read(prompt + answer) for prompt, _, answer, *_ in PAIRS]
    rewards_chosen = torch.stack([reward for reward, _ in chosen])
    rewards_rejected = torch.stack([reward for reward, _ in rejected])
    margin = torch.tensor([pair[3] for pair in PAIRS])
    # the lines of trl/trainer/reward_trainer.py (1.13.0) that compute the loss, as formulas
    ranking = -nn.functional.logsigmoid(rewards_chosen - rewards_rejected - margin).mean()
    centering = CENTERING * torch.mean((rewards_chosen + rewards_rejected) ** 2)
    logits = [z for (_, z), pair in zip(chosen, PAIRS) if pair[4] is not None]
    labels = [float(pair[4]) for pair in PAIRS if pair[4] is not None]
    logits += [z for (_, z), pair in zip(rejected, PAIRS) if pair[5] is not None]
    labels += [float(pair[5]) for pair in PAIRS if pair[5] is not None]
    auxiliary = SAFETY * nn.functional.binary_cross_entropy_with_logits(
        torch.stack(logits), torch.tensor(labels, dtype=torch.float64))

    def prefix_ranking(prompt, chosen, rejected):
        """Every prefix from the first difference on is a row of its own here; a response that has ended stands still."""
        start = next(i for i, (a, b) in enumerate(zip(chosen, rejected)) if a != b)
        return torch.stack([
            -nn.functional.logsigmoid(read(prompt + chosen[:t])[0] - read(prompt + rejected[:t])[0])
            for t in range(start + 1, max(len(chosen), len(rejected)) + 1)]).mean()

    prefixes = PREFIXES * torch.stack([prefix_ranking(*pair[:3]) for pair in PAIRS]).mean()
    (ranking + centering + auxiliary + prefixes).backward()
    gradients = {name: weight.grad.flatten().tolist() for name, weight in model.named_parameters()}
    gradients["safety.weight"] = safety.weight.grad.flatten().tolist()
    numbers = {
        "pairs": [
            {"prompt": prompt, "chosen": chosen, "rejected": rejected, "margin": margin,
             "chosen_safe": chosen_safe, "rejected_safe": rejected_safe}
            for prompt, chosen, rejected, margin, chosen_safe, rejected_safe in PAIRS],
        "centering_coefficient": CENTERING, "safety_coefficient": SAFETY, "prefix_coefficient": PREFIXES,
        "safety": safety.weight.flatten().tolist(),
        "ranking": ranking.item(), "centering": centering.item(), "auxiliary": auxiliary.item(),
        "prefixes": prefixes.item(),
        "gradients": {name: [float(f"{number:.7g}") for number in values] for name, values in gradients.items()}}
    (folder / "expected.json").write_text(json.dumps(numbers) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
