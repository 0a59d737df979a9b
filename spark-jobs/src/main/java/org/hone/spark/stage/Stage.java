package org.hone.spark.stage;

import java.io.IOException;
import java.util.List;
import org.hone.spark.run.StageReport;

/** One step of a round: reads what earlier stages left, writes its own folder, reports figures. */
public interface Stage {
    /**
     * The stage's name, which is also its folder's.
     *
     * @return the name, in lower case with dashes
     */
    String name();

    /**
     * What an interrupted attempt leaves that the next one goes on from; it is deleted once the stage is done.
     *
     * @return names in the stage's folder
     */
    default List<String> checkpoints() {
        return List.of();
    }

    /**
     * Does the work. Whatever it leaves before it returns is not yet counted as done.
     *
     * @param context Spark, the recipe and the run's folder
     * @return what it found and made
     * @throws IOException if something cannot be read or written
     */
    StageReport run(StageContext context) throws IOException;
}
