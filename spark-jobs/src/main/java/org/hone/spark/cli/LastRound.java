package org.hone.spark.cli;

import picocli.CommandLine.Option;

/** How far the commands that run rounds go. */
final class LastRound {
    @Option(
            names = "--through",
            paramLabel = "VN",
            defaultValue = "v1",
            converter = RoundNumber.class,
            description = "the last round, v1, v2 and so on (default: ${DEFAULT-VALUE})")
    private int through;

    int number() {
        return through;
    }
}
