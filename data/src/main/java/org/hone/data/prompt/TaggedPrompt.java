package org.hone.data.prompt;

import org.hone.data.dialogue.Dialogue;
import org.jspecify.annotations.Nullable;

/**
 * A prompt without an answer. What the source does not say is null.
 *
 * @param prompt the dialogue up to the user's turn that waits for an answer
 * @param unsafe whether the source says that answering it is harmful; false for borderline prompts that only sound so
 * @param risk the recipe's risk category, mapped from the source's own
 * @param category the source's own category
 * @param attack the attack vector, where the source says one
 */
public record TaggedPrompt(
        Dialogue prompt,
        @Nullable Boolean unsafe,
        @Nullable RiskCategory risk,
        @Nullable String category,
        @Nullable AttackVector attack) {}
