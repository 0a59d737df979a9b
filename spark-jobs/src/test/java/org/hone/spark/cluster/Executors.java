package org.hone.spark.cluster;

import java.util.stream.Stream;

/** The executor processes of a local cluster that this process has started. */
final class Executors {
    private Executors() {}

    static Stream<ProcessHandle> alive() {
        // Hadoop starts processes too, to set permissions; of Java are a local cluster's executors alone.
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info().command().orElse("").endsWith("/java"));
    }
}
