package org.hone.spark.stage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.hone.spark.recipe.Recipe;
import org.hone.spark.run.RunFolder;

/** Which rounds and stages a run has, done or not. */
public final class RunStages {
    private RunStages() {}

    /**
     * How many rounds have begun.
     *
     * @param folder the run's folder
     * @return the last round's number, 0 if none has begun
     * @throws IOException if the folder cannot be read
     */
    public static int begun(RunFolder folder) throws IOException {
        int round = 0;
        while (!folder.storage().list(folder.path("v" + (round + 1))).isEmpty()) {
            round++;
        }
        return round;
    }

    /**
     * What is done before the rounds.
     *
     * @param folder the run's folder
     * @return the stages' names in the run, sorted
     * @throws IOException if the folder cannot be read
     */
    public static List<String> beforeRounds(RunFolder folder) throws IOException {
        List<String> stages = new ArrayList<>();
        for (String name : folder.storage().list(folder.path(""))) {
            if (folder.isDone(name)) {
                stages.add(name);
            }
        }
        return stages;
    }

    /**
     * What is done or begun in a run that has no rounds.
     *
     * @param folder the run's folder
     * @return the stages' names in the run
     * @throws IOException if the folder cannot be read
     */
    public static List<String> found(RunFolder folder) throws IOException {
        return folder.storage().list(folder.path("")).stream()
                .filter(name -> !name.contains(".") && !name.startsWith("_"))
                .toList();
    }

    /**
     * The stages of a round in order, and what else is done in its folder.
     *
     * @param folder the run's folder
     * @param recipe the run's recipe
     * @param round the round's number, from 1
     * @return the stages' names in the run
     * @throws IOException if the folder cannot be read
     */
    public static List<String> ofRound(RunFolder folder, Recipe recipe, int round) throws IOException {
        List<String> stages = new ArrayList<>();
        for (Stage stage : Round.stages(recipe, round)) {
            stages.add("v" + round + "/" + stage.name());
        }
        for (String name : folder.storage().list(folder.path("v" + round))) {
            String stage = "v" + round + "/" + name;
            if (!stages.contains(stage) && folder.isDone(stage)) {
                stages.add(stage);
            }
        }
        return stages;
    }
}
