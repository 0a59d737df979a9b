package org.hone.spark.cli;

/** What the process ends with. */
final class ExitCodes {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_INPUT = 2;

    private ExitCodes() {}
}
