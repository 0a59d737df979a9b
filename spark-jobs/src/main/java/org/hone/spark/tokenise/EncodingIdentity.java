package org.hone.spark.tokenise;

import java.io.Serializable;

/**
 * How rows were made, so that rows of another tokenizer or template are noticed before they are trained on.
 *
 * @param tokenizerSha256 checksum of the tokenizer's file, in hexadecimal
 * @param template name of the chat template
 * @param templateHash hash of the ids that the template gives for fixed dialogues, in hexadecimal
 * @param maxLength longest row in tokens
 */
public record EncodingIdentity(String tokenizerSha256, String template, String templateHash, int maxLength)
        implements Serializable {}
