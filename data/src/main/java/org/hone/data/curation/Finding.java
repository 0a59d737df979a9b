package org.hone.data.curation;

/**
 * What is wrong with a row.
 *
 * @param rule the rule that it breaks
 * @param detail what was found in this very row
 */
public record Finding(RemovalRule rule, String detail) {}
