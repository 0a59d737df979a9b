package org.hone.spark.importer;

/**
 * Where a row comes from.
 *
 * @param file the file's Hadoop path
 * @param record the record's number in it, from 1
 * @param part which of the record's rows it is, from 0
 * @param format what read it
 */
record Lineage(String file, long record, int part, String format) {
    Lineage part(int number) {
        return new Lineage(file, record, number, format);
    }
}
