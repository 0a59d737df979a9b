"""Peak memory of a plain training loop of transformers: the 15M shape in fp32, AdamW, clipped gradients.

  torch_memory.py ROWS LENGTH STEPS
"""
import resource
import sys

import torch
from transformers import LlamaConfig, LlamaForCausalLM

rows, length, steps = map(int, sys.argv[1:])
torch.set_num_threads(1)
torch.manual_seed(1)
model = LlamaForCausalLM(LlamaConfig(
    vocab_size=32000, hidden_size=288, intermediate_size=768, num_hidden_layers=6, num_attention_heads=6,
    num_key_value_heads=6, max_position_embeddings=256, tie_word_embeddings=False))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), eps=1e-5, weight_decay=0.1, fused=True)
for _ in range(steps):
    ids = torch.randint(0, 32000, (rows, length))
    model(input_ids=ids, labels=ids).loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"PyTorch {steps} steps of {rows} x {length} tokens: peak {peak:.0f} MiB", flush=True)
