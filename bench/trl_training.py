"""TRL on the batches that Hone trains on: pairs or examples a second, and the loss of every step.

  trl_training.py base-model FOLDER [15m|110m]                             a Llama with fresh weights
  trl_training.py reward-model|sft MODEL SHARDS ORDER BATCH RATE LOSSES    trains
  trl_training.py hone REPORT ORDER                                        what Hone reported, alike
  trl_training.py compare REPORT LOSSES TRL                                how much faster, and how far losses are apart
"""
import json
import sys
import tempfile
import time

import pyarrow.parquet as parquet
import torch
from torch.utils.data import SequentialSampler
from transformers import LlamaConfig, LlamaForCausalLM

SHAPES = {
    "15m": dict(hidden_size=288, intermediate_size=768, num_hidden_layers=6, num_attention_heads=6,
                num_key_value_heads=3),
    "110m": dict(hidden_size=768, intermediate_size=2048, num_hidden_layers=12, num_attention_heads=12,
                 num_key_value_heads=12),
}


def base_model(folder, shape="15m"):
    torch.manual_seed(1)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=32000, max_position_embeddings=2048, rms_norm_eps=1e-5, tie_word_embeddings=False,
        bos_token_id=1, eos_token_id=2, **SHAPES[shape]))
    model.save_pretrained(folder)


def rows(shards, order):
    tables, found = {}, []
    for line in open(order):
        file, row = line.split()
        if file not in tables:
            tables[file] = parquet.read_table(f"{shards}/{file}").to_pylist()
        found.append(tables[file][int(row)])
    return found


def common(batch, rate):
    return dict(
        output_dir=tempfile.mkdtemp(), per_device_train_batch_size=batch, num_train_epochs=1, learning_rate=rate,
        lr_scheduler_type="constant", adam_beta1=0.9, adam_beta2=0.95, adam_epsilon=1e-5, weight_decay=0.1,
        max_grad_norm=1.0, use_cpu=True, bf16=False, gradient_checkpointing=False, logging_steps=1, report_to="none",
        save_strategy="no", dataloader_num_workers=0, disable_tqdm=True)


def train(trainer, count, unit, output):
    trainer._get_train_sampler = lambda dataset=None: SequentialSampler(trainer.train_dataset)
    started = time.time()
    result = trainer.train()
    print(f"TRL     {count} {unit} in {time.time() - started:.1f} s,"
          f" {count / result.metrics['train_runtime']:.2f} {unit}/s", flush=True)
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    json.dump({"seconds": result.metrics["train_runtime"], "losses": losses}, open(output, "w"))


def tokenizer():
    """TRL wants one, and uses its padding token alone: the rows are tokenised already."""
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast
    vocabulary = {"<unk>": 0, "<s>": 1, "</s>": 2}
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>")),
                                   bos_token="<s>", eos_token="</s>", unk_token="<unk>", pad_token="<unk>")


def reward_model(model, shards, order, batch, rate, output):
    from datasets import Dataset
    from transformers import LlamaForSequenceClassification
    from trl import RewardConfig, RewardTrainer
    data = [dict(chosen_ids=row["prompt"] + row["chosen"], rejected_ids=row["prompt"] + row["rejected"],
                 margin=float(row["margin"])) for row in rows(shards, order)]
    network = LlamaForSequenceClassification.from_pretrained(model, num_labels=1, dtype=torch.float32)
    trainer = RewardTrainer(network, RewardConfig(max_length=None, disable_dropout=True, **common(batch, rate)),
                            train_dataset=Dataset.from_list(data), processing_class=tokenizer())
    train(trainer, len(data), "pairs", output)


def sft(model, shards, order, batch, rate, output):
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer
    data = []
    for row in rows(shards, order):
        start = 0
        for prompt, response in zip(row["prompt_lengths"], row["response_lengths"]):
            ids = row["tokens"][start:start + prompt + response]
            data.append(dict(input_ids=ids, completion_mask=[0] * prompt + [1] * response))
            start += prompt + response
    tokens = sum(len(example["input_ids"]) for example in data)
    longest = max(len(row["tokens"]) for row in rows(shards, order))
    network = LlamaForCausalLM.from_pretrained(model, dtype=torch.float32)
    trainer = SFTTrainer(network, SFTConfig(packing=True, max_length=longest, completion_only_loss=True,
                                            **common(batch, rate)),
                         train_dataset=Dataset.from_list(data), processing_class=tokenizer())
    train(trainer, tokens, "tokens", output)


def hone(report, order):
    done = json.load(open(report))
    count, seconds = sum(1 for _ in open(order)), done["training_seconds"]
    print(f"Hone    {count} rows in {seconds:.1f} s, {count / seconds:.2f} rows/s, {done['tokens_per_second']:.0f} tokens/s"
          f" through the model, {done['ranks']} ranks")


def compare(report, ours, theirs):
    theirs = json.load(open(theirs))
    print(f"Hone takes {json.load(open(report))['training_seconds']:.1f} s, with loading, for what takes TRL"
          f" {theirs['seconds']:.1f} s: {theirs['seconds'] / json.load(open(report))['training_seconds']:.2f} times its speed")
    ours, theirs = [point["loss"] for point in json.load(open(ours))], theirs["losses"]
    apart = [abs(x - y) / abs(y) for x, y in zip(ours, theirs)]
    if len(ours) != len(theirs) or apart[0] > 1e-3:
        print(f"{len(ours)} and {len(theirs)} steps on other rows each: the peer packs in its own way, losses are not compared")
        return
    print(f"losses  {len(ours)} steps, first {ours[0]:.5f} and {theirs[0]:.5f}, last {ours[-1]:.5f} and"
          f" {theirs[-1]:.5f}; apart by {max(apart[:10]):.1e} in the first ten steps, {max(apart):.1e} at most")


if __name__ == "__main__":
    torch.set_num_threads(2)
    command, *arguments = sys.argv[1:]
    if command in ("reward-model", "sft"):
        model, shards, order, batch, rate, output = arguments
        {"reward-model": reward_model, "sft": sft}[command](model, shards, order, int(batch), float(rate), output)
    else:
        {"base-model": base_model, "hone": hone, "compare": compare}[command](*arguments)
