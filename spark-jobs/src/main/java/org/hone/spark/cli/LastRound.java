package org.hone.spark.cli;

import picocli.CommandLine.Option;

/** How far the commands that run rounds go. */
final class LastRound {
    @Option(
            names = "--through",
            paramLabel = "VN",
            converter = RoundNumber.class,
            description = "the last round, v1, v2 and so on (default: v${DEFAULT-VALUE})")
    private int through;

    /** With a command's default. */
    LastRound(int byDefault) {
        this.through = byDefault;
    }

    int number() {
        return through;
    }
}
