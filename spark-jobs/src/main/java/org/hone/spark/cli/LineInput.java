package org.hone.spark.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The input of the small commands: lines of a file, which is their last parameter, or of standard input. */
final class LineInput {
    @Parameters(
            index = "0+", // behind the command's own
            arity = "0..1",
            paramLabel = "FILE",
            description = "UTF-8 lines to read; standard input if not given")
    private @Nullable Path file;

    /** What a command does with a line; its number is for messages. */
    interface LineAction {
        void accept(String line, int number) throws IOException;
    }

    void forEach(LineAction action) throws IOException {
        if (file != null && !Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": there is no such file");
        }
        try (InputStream in = file == null ? System.in : Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        in, StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)))) {
            int number = 0;
            for (String line = read(lines, number); line != null; line = read(lines, number)) {
                action.accept(line, ++number);
            }
            if (number == 0) {
                throw new IllegalArgumentException(name() + ": is empty, expected at least one line");
            }
        }
    }

    private @Nullable String read(BufferedReader lines, int before) throws IOException {
        try {
            return lines.readLine();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    name() + ": is not UTF-8 beyond line " + before + "; convert it, with iconv for example", e);
        }
    }

    /** Names a line in a message. */
    String at(int number) {
        return name() + ":" + number;
    }

    private String name() {
        return file == null ? "standard input" : file.toString();
    }
}
