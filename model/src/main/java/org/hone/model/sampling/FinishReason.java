package org.hone.model.sampling;

/** Why a response ended. */
public enum FinishReason {
    /** The policy ended it: its last token is EOS. */
    EOS,
    /** The {@link StopRule} did. */
    STOP,
    /** It has as many tokens as the settings allow. */
    LENGTH,
    /** Prompt and response fill the context that the policy was made for. */
    CONTEXT
}
