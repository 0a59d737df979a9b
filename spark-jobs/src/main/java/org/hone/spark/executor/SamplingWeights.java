package org.hone.spark.executor;

/** What a policy's matrices are kept as while it is sampled from. Another kind is another policy: it draws other responses. */
public enum SamplingWeights {
    /** As they were trained. */
    FLOAT32,
    /** Half of the memory, and faster where the processor multiplies such numbers. */
    BFLOAT16,
    /** A quarter of the memory, somewhat slower: {@link org.hone.model.llama.Int8Weights}. */
    INT8
}
