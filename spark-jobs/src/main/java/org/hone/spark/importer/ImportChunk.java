package org.hone.spark.importer;

import java.io.Serializable;
import org.hone.data.importer.Format;
import org.hone.spark.raw.Chunk;

/**
 * A chunk of a file with what its records mean.
 *
 * @param chunk the chunk
 * @param source what it belongs to
 * @param format what its records mean
 */
public record ImportChunk(Chunk chunk, ImportSource source, Format format) implements Serializable {}
