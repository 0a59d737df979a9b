package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.hone.model.checkpoint.HuggingFaceFolder;
import org.hone.model.llama.Llama;
import org.hone.model.llama.TokenBatch;
import org.hone.model.loss.NextTokenLoss;
import org.hone.model.tensor.DataType;
import org.hone.model.tensor.Tensor;
import org.hone.spark.shard.TokenRow;
import org.hone.spark.table.Columns;

/** Supervised fine-tuning: prompt and response in, loss on the response's tokens alone (recipe section 4). */
final class Policy implements Trainee {
    private static final int PROMPT = 0;
    private static final int RESPONSE = 1;

    private final Llama llama;

    Policy(Llama llama) {
        this.llama = llama;
    }

    @Override
    public Map<String, Tensor> parameters() {
        return llama.parameters();
    }

    @Override
    public long weight(TokenRow row) {
        return row.tokens(RESPONSE).length;
    }

    @Override
    public int length(TokenRow row) {
        return row.tokens(PROMPT).length + row.tokens(RESPONSE).length;
    }

    @Override
    public Sums loss(List<TokenRow> rows) {
        List<int[]> ids = new ArrayList<>();
        for (TokenRow row : rows) {
            ids.add(Columns.joined(row.tokens(PROMPT), row.tokens(RESPONSE)));
        }
        TokenBatch batch = TokenBatch.of(ids, 0);
        boolean[] trained = new boolean[batch.rows() * batch.length()];
        for (int b = 0; b < rows.size(); b++) {
            int start = b * batch.length() + rows.get(b).tokens(PROMPT).length;
            Arrays.fill(trained, start, start + rows.get(b).tokens(RESPONSE).length, true);
        }
        return new Sums(NextTokenLoss.sum(llama, batch, trained), 0);
    }

    @Override
    public void save(Path folder) throws IOException {
        HuggingFaceFolder.savePolicy(llama, folder, DataType.FLOAT32);
    }

    @Override
    public void close() {
        llama.close();
    }
}
