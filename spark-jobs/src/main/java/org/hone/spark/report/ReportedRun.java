package org.hone.spark.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.hone.spark.run.StageReport;
import org.hone.spark.stage.RunStages;
import org.hone.spark.stage.StageContext;

/**
 * A run as far as it is.
 *
 * @param context the run
 * @param rounds the rounds that have begun
 * @param stages the names in the run of all their stages and of those before them, done or not
 * @param reports what the stages reported that are done, by name, in order
 */
record ReportedRun(
        StageContext context, List<StageContext> rounds, List<String> stages, Map<String, StageReport> reports) {
    static ReportedRun of(StageContext context) throws IOException {
        List<StageContext> rounds = new ArrayList<>();
        List<String> stages = new ArrayList<>(RunStages.beforeRounds(context.folder()));
        for (int round = 1; round <= RunStages.begun(context.folder()); round++) {
            rounds.add(context.ofRound(round));
            stages.addAll(RunStages.ofRound(context.folder(), context.recipe(), round));
        }
        Map<String, StageReport> reports = new LinkedHashMap<>();
        for (String stage : stages) {
            if (context.folder().isDone(stage)) {
                reports.put(stage, context.folder().report(stage));
            }
        }
        return new ReportedRun(context, rounds, stages, reports);
    }

    boolean isDone(StageContext round, String stage) {
        return reports.containsKey(round.inRun(stage));
    }

    StageReport report(StageContext round, String stage) {
        StageReport report = reports.get(round.inRun(stage));
        if (report == null) {
            throw new IllegalStateException(round.inRun(stage) + " is not done");
        }
        return report;
    }

    /** The newest round in which a stage is done. */
    Optional<StageContext> newest(String stage) {
        return rounds.stream().filter(round -> isDone(round, stage)).reduce((first, second) -> second);
    }

    /** A table of each round in which a stage is done. */
    Parts tables(String stage, Function<StageContext, Dataset<Row>> table) {
        return tables(rounds, stage, table);
    }

    /** A table of each pass in which a stage is done. */
    Parts tablesOfPasses(String stage, Function<StageContext, Dataset<Row>> table) {
        return tables(passes(), stage, table);
    }

    private Parts tables(List<StageContext> contexts, String stage, Function<StageContext, Dataset<Row>> table) {
        Parts tables = new Parts();
        for (StageContext context : contexts) {
            if (isDone(context, stage)) {
                tables.add(Parts.of(context), table.apply(context));
            }
        }
        return tables;
    }

    /** The passes of the rounds that have begun; of a round with only one, the round. */
    private List<StageContext> passes() {
        return rounds.stream().flatMap(round -> round.passes().stream()).toList();
    }

    /** What a round shows. */
    interface OfRound {
        void put(StageContext round, ObjectNode figures) throws IOException;
    }

    /** An entry a round that has begun; where the stage is not done, the round's number alone, and that it is missing. */
    ArrayNode byRound(String stage, OfRound figures) throws IOException {
        return by(rounds, stage, figures);
    }

    /** The same by pass, with its number where a round has several. */
    ArrayNode byPass(String stage, OfRound figures) throws IOException {
        return by(passes(), stage, figures);
    }

    private ArrayNode by(List<StageContext> contexts, String stage, OfRound figures) throws IOException {
        ArrayNode all = Json.array();
        for (StageContext context : contexts) {
            ObjectNode entry = all.addObject().put("round", context.round());
            if (context.pass() > 0) {
                entry.put("pass", context.pass());
            }
            if (isDone(context, stage)) {
                figures.put(context, entry);
            } else {
                entry.put("missing", true);
            }
        }
        return all;
    }
}
