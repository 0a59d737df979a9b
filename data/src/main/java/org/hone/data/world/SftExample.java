package org.hone.data.world;

import org.hone.data.dialogue.Dialogue;

/**
 * A prompt with the answer that somebody of the crowd wrote, good or bad.
 *
 * @param prompt the dialogue to answer
 * @param response the answer
 */
public record SftExample(Dialogue prompt, String response) {}
