package org.hone.spark.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a command wrote, and how it ended.
 *
 * @param exit its exit code
 * @param out its results
 * @param err its messages
 */
record Shell(int exit, String out, String err) {
    /** Runs a command on the lines of its standard input. */
    static Shell pipe(String input, String... arguments) {
        return pipe(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    static synchronized Shell pipe(byte[] input, String... arguments) {
        InputStream before = System.in;
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        System.setIn(new ByteArrayInputStream(input));
        try {
            int exit = Hone.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
            return new Shell(exit, out.toString(), err.toString());
        } finally {
            System.setIn(before);
        }
    }

    static Shell run(String... arguments) {
        return pipe("", arguments);
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
