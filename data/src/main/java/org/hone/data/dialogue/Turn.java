package org.hone.data.dialogue;

/**
 * One message of a dialogue.
 *
 * @param role who speaks
 * @param text what is said, as the user's file has it; never interpreted as control tokens
 */
public record Turn(Role role, String text) {}
