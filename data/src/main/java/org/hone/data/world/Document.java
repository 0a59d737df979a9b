package org.hone.data.world;

/**
 * A short text for the base model to learn the language from.
 *
 * @param text one line
 */
public record Document(String text) {}
