package org.hone.model.checkpoint;

/** What stands on top of the transformer in a Hugging Face folder. */
public enum ModelKind {
    /** A language model: the head gives the next token's logits. */
    POLICY("LlamaForCausalLM"),
    /** A reward model: the head gives one number. */
    REWARD_MODEL("LlamaForSequenceClassification");

    private final String architecture;

    ModelKind(String architecture) {
        this.architecture = architecture;
    }

    /**
     * The class of transformers that runs the folder.
     *
     * @return the name under {@code architectures} in {@code config.json}
     */
    public String architecture() {
        return architecture;
    }
}
