package org.hone.data.sft;

import org.hone.data.dialogue.Dialogue;
import org.jspecify.annotations.Nullable;

/**
 * A prompt with the answer that supervised fine-tuning imitates (recipe section 4).
 *
 * @param prompt the dialogue up to the user's turn that is answered
 * @param response the answer
 * @param category what kind of task the source calls it, null if it does not say
 */
public record Demonstration(
        Dialogue prompt, String response, @Nullable String category) {}
