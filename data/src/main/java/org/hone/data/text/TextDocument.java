package org.hone.data.text;

import org.jspecify.annotations.Nullable;

/**
 * A document to pretrain on.
 *
 * @param text its text
 * @param url where it was found, for site exclusion lists; null if the source does not say
 */
public record TextDocument(String text, @Nullable String url) {}
