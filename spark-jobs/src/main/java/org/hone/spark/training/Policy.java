package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.checkpoint.SaveOptions;
import org.hone.model.llama.Llama;
import org.hone.model.llama.PackedBatch;
import org.hone.model.tensor.Tensor;
import org.hone.model.training.MicroBatchSums;
import org.hone.model.training.NextTokenObjective;
import org.hone.spark.shard.ShardKind;
import org.hone.spark.shard.TokenRow;
import org.hone.spark.table.Columns;

/**
 * Pretraining and supervised fine-tuning: prompt and response in, loss on the response's tokens alone (recipe sections 3
 * and 4). A row is one example, or several that were packed; either way every example attends to itself only.
 */
final class Policy implements Trainee {
    private final Llama llama;
    private final ShardKind kind;
    private final boolean recompute;

    /** An example's tokens; the response comes after the prompt. */
    @SuppressWarnings("ArrayRecordComponent") // hot path, never compared
    private record Example(int[] tokens, int promptLength) {
        /** Tokens that are trained: nothing predicts a first one. */
        int trained() {
            return tokens.length - firstTrained();
        }

        int firstTrained() {
            return Math.max(1, promptLength);
        }
    }

    Policy(Llama llama, ShardKind kind, boolean recompute) {
        if (kind == ShardKind.PAIRS) {
            throw new IllegalArgumentException("a policy learns examples; the shards hold pairs");
        }
        this.llama = llama;
        this.kind = kind;
        this.recompute = recompute;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return llama.parameters();
    }

    @Override
    public long weight(TokenRow row) {
        return examples(row).stream().mapToLong(Example::trained).sum();
    }

    @Override
    public int length(TokenRow row) {
        return kind == ShardKind.PACKED ? row.tokens(0).length : row.tokens(0).length + row.tokens(1).length;
    }

    @Override
    public MicroBatchSums backward(List<TokenRow> rows, GlobalBatch.Counts counts) {
        List<Example> examples = examples(rows);
        return NextTokenObjective.backward(
                llama, packed(examples), trained(examples), 1.0 / counts.weight(), recompute);
    }

    @Override
    public MicroBatchSums evaluate(List<TokenRow> rows) {
        List<Example> examples = examples(rows);
        return NextTokenObjective.evaluate(llama, packed(examples), trained(examples));
    }

    private List<Example> examples(List<TokenRow> rows) {
        return rows.stream().flatMap(row -> examples(row).stream()).toList();
    }

    private static PackedBatch packed(List<Example> examples) {
        return PackedBatch.of(examples.stream().map(Example::tokens).toList());
    }

    private static boolean[] trained(List<Example> examples) {
        boolean[] trained = new boolean
                [examples.stream().mapToInt(example -> example.tokens().length).sum()];
        int start = 0;
        for (Example example : examples) {
            int end = start + example.tokens().length;
            Arrays.fill(trained, start + example.firstTrained(), end, true);
            start = end;
        }
        return trained;
    }

    private List<Example> examples(TokenRow row) {
        if (kind == ShardKind.EXAMPLES) {
            return List.of(new Example(Columns.joined(row.tokens(0), row.tokens(1)), row.tokens(0).length));
        }
        int[] tokens = row.tokens(0);
        int[] prompts = row.tokens(1);
        int[] responses = row.tokens(2);
        List<Example> examples = new ArrayList<>(prompts.length);
        int start = 0;
        for (int e = 0; e < prompts.length; e++) {
            int end = start + prompts[e] + responses[e];
            examples.add(new Example(Arrays.copyOfRange(tokens, start, end), prompts[e]));
            start = end;
        }
        return examples;
    }

    @Override
    public void save(Path folder, SaveOptions options) throws IOException {
        HuggingFaceFolder.savePolicy(llama, folder, options);
    }

    @Override
    public void close() {
        llama.close();
    }
}
