package org.hone.data.importer.hh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.hh.ImportedLine.Pair;
import org.hone.data.importer.hh.ImportedLine.Quarantined;

/** Counts what becomes of every line of real HH-RLHF files (.jsonl.gz), given as arguments. */
public final class HelpfulHarmlessAcceptance {
    private static final Logger LOGGER = System.getLogger(HelpfulHarmlessAcceptance.class.getName());

    private HelpfulHarmlessAcceptance() {}

    /**
     * Counts by file and reason.
     *
     * @param files the files
     * @throws IOException when one cannot be read
     */
    public static void main(String[] files) throws IOException {
        for (String file : files) {
            Map<QuarantineReason, Integer> reasons = new EnumMap<>(QuarantineReason.class);
            Set<String> ids = new HashSet<>();
            int pairs = 0;
            int lines = 0;
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                    new GZIPInputStream(Files.newInputStream(Path.of(file))), StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    lines++;
                    ImportedLine imported = ImportedLine.parse(line, file);
                    if (imported instanceof Pair pair) {
                        pairs++;
                        ids.add(pair.pair().id());
                    } else if (imported instanceof Quarantined quarantined) {
                        reasons.merge(quarantined.reason(), 1, Integer::sum);
                        LOGGER.log(Level.DEBUG, lines + ": " + quarantined.reason() + ": " + quarantined.detail());
                    }
                }
            }
            LOGGER.log(
                    Level.INFO,
                    Path.of(file).getFileName() + ": " + lines + " lines, " + pairs + " pairs (" + ids.size()
                            + " ids), quarantined " + reasons);
        }
    }
}
