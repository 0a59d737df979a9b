package org.hone.spark.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.spark.sql.SparkSession;
import org.hone.spark.fixture.Lifetime;
import org.hone.spark.fixture.LocalSpark;
import org.hone.spark.fixture.MortalHdfs;
import org.hone.spark.fixture.ObjectFiles;
import org.hone.spark.fixture.SmallTraining;
import org.hone.spark.run.UnfinishedWorkException;
import org.hone.spark.session.Progress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

/** Whatever happens to a run, and wherever it keeps its checkpoints, it ends with the weights of the undisturbed one. */
@Timeout(300)
final class KilledTrainingTest {
    private static final String ATTEMPTS = "spark.stage.maxConsecutiveAttempts";
    private static final long STEPS = 12;

    @TempDir
    private static Path folder;

    private static SparkSession spark;
    private static SmallTraining training;
    private static Progress progress;
    private static RankResult undisturbed;

    @BeforeAll
    static void trainUndisturbed() throws IOException {
        ObjectFiles.use();
        MortalHdfs.use();
        // one death ends the run, as that of its driver does
        System.setProperty(ATTEMPTS, "1");
        spark = LocalSpark.start(8);
        spark.sparkContext().setLogLevel("OFF");
        training = new SmallTraining(spark, folder);
        progress = Progress.of(spark);
        undisturbed = run(training.brief(path("calm"), 2));
        assertThat(Objects.requireNonNull(undisturbed.heldOut()).step())
                .as("its best weights are not its last ones")
                .isBetween(4L, STEPS - 2);
    }

    @AfterAll
    static void stop() throws IOException {
        spark.close();
        System.clearProperty(ATTEMPTS);
    }

    private static String path(String run) {
        return folder.resolve(run).toString();
    }

    private static RankResult run(TrainingJob job) {
        return DistributedTrainer.run(spark, job, progress);
    }

    private static void assertUndisturbed(RankResult found) {
        assertThat(found.weights()).isEqualTo(undisturbed.weights());
        assertThat(found.heldOut()).isEqualTo(undisturbed.heldOut());
    }

    /** What stops a run, after so many changes. */
    private interface Disturbance {
        void after(int changes);
    }

    /**
     * Each life has one change (or a few) more than the one before, so that they end in front of changes of every kind between
     * two checkpoints: of the steps' records, of files, of what is deleted.
     */
    private static int disturb(TrainingJob job, Disturbance disturbance, int more, String reason) throws IOException {
        int lives = 0;
        boolean ended = false;
        RankResult result = undisturbed;
        while (!ended) {
            disturbance.after(lives * more);
            Exception end = null;
            try {
                result = run(job);
            } catch (Exception e) {
                end = e;
            }
            ended = !Lifetime.live();
            if (end != null) {
                assertThat(end).as("life %d", lives).hasStackTraceContaining(reason);
            }
            Checkpoints checkpoints = new Checkpoints(job);
            OptionalLong newest = checkpoints.newest();
            if (newest.isPresent()) {
                assertThat(checkpoints.damage(newest.getAsLong()))
                        .as("life %d", lives)
                        .isEmpty();
            }
            lives++;
        }
        assertUndisturbed(result);
        assertThat(new Checkpoints(job).committed()).containsExactly(STEPS);
        return lives;
    }

    @Test
    void anObjectStoreAndDeathAtEverySecondChange() throws IOException {
        int lives = disturb(
                training.brief("objects:" + path("objects"), 1), Lifetime::dieAfter, 2, "the process was killed");
        assertThat(lives).as("lives").isGreaterThan(7);
        training.assertEveryStepIsToldOnce("objects", STEPS);
    }

    @Test
    void anHdfsAndDeathAtEveryThirdChange() throws IOException {
        Configuration hadoop = new Configuration();
        hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, path("name-node"));
        hadoop.set("fs.hdfs.impl", MortalHdfs.class.getName());
        try (MiniDFSCluster hdfs =
                new MiniDFSCluster.Builder(hadoop).numDataNodes(1).build()) {
            String root = hdfs.getFileSystem().getUri() + "/run";
            assertThat(disturb(training.brief(root, 1), Lifetime::dieAfter, 3, "the process was killed"))
                    .as("lives")
                    .isGreaterThan(5);
            var target = new org.apache.hadoop.fs.Path(path("from-hdfs"));
            hdfs.getFileSystem().copyToLocalFile(false, new org.apache.hadoop.fs.Path(root), target, true);
            training.assertEveryStepIsToldOnce("from-hdfs", STEPS);
        }
    }

    @Test
    void aFullDiskAtEveryWrite() throws IOException {
        TrainingJob job = training.brief("objects:" + path("full"), 1);
        assertThat(disturb(job, Lifetime::fullAfter, 3, "No space left on device"))
                .as("attempts")
                .isGreaterThan(4);
        training.assertEveryStepIsToldOnce("full", STEPS);
    }

    @Test
    void aFullDiskIsSaidAndHowToMendIt() throws IOException {
        TrainingJob job = training.brief("objects:" + path("said"), 2);
        Lifetime.fullAfter(20);
        Exception full = catchException(() -> run(job));
        Lifetime.live();
        long whole = new Checkpoints(job).newest().orElseThrow();
        assertThat(full)
                .isInstanceOf(UnfinishedWorkException.class)
                .hasMessageStartingWith("sft: objects:" + path("said") + "/checkpoints/step-")
                .hasMessageContaining(" could not be written: No space left on device; the checkpoint of step " + whole
                        + " is whole. Make room for objects:" + path("said") + "/checkpoints, or lower"
                        + " training.checkpoints-to-keep; the same command then goes on from step " + whole + ".");
        RankResult result = run(job);
        assertThat(result.resumedFrom()).isEqualTo(whole);
        assertUndisturbed(result);
    }

    @Test
    void damagedCheckpointsArePassedOverAndSaid() throws IOException {
        TrainingJob job = training.brief(path("damaged"), 3);
        run(job);
        Path checkpoints = folder.resolve("damaged/checkpoints");
        Path weights = checkpoints.resolve("step-000000000012/weights.safetensors");
        byte[] altered = Files.readAllBytes(weights);
        altered[altered.length - 1] ^= 1;
        Files.write(weights, altered);
        Path moments = checkpoints.resolve("step-000000000010/exp_avg.safetensors");
        byte[] whole = Files.readAllBytes(moments);
        Files.write(moments, Arrays.copyOf(whole, whole.length - 7));
        RankResult again = run(job);
        assertThat(again.resumedFrom()).isEqualTo(8);
        assertUndisturbed(again);
        assertThat(new Checkpoints(job).setAside())
                .hasSize(2)
                .hasEntrySatisfying(12L, damage -> assertThat(damage).startsWith("weights.safetensors: found "));
        assertThat(new Checkpoints(job).setAside().get(10L)).startsWith("exp_avg.safetensors: found ");
        assertThat(new Checkpoints(job).committed()).containsExactly(8L, 10L, 12L);
        training.assertEveryStepIsToldOnce("damaged", STEPS);
    }

    /** Eight gradient lanes: the sums are the same on any number of ranks up to that. */
    @Test
    void aRunOfFourRanksGoesOnWithOneTwoOrEight() throws IOException {
        RankResult four = run(training.spread("four", 4));
        assertThat(four.world()).isEqualTo(4);
        String middle = "checkpoints/step-000000000006";
        for (int ranks : new int[] {1, 2, 8}) {
            String name = "on-" + ranks;
            Files.createDirectories(folder.resolve(name).resolve(middle));
            for (String file : folder.resolve("four").resolve(middle).toFile().list()) {
                Files.copy(
                        folder.resolve("four").resolve(middle).resolve(file),
                        folder.resolve(name).resolve(middle).resolve(file));
            }
            RankResult result = run(training.spread(name, ranks));
            assertThat(result.world()).isEqualTo(ranks);
            assertThat(result.resumedFrom()).isEqualTo(6);
            assertThat(result.weights()).as("%d ranks", ranks).isEqualTo(four.weights());
            // losses of every step: another order of the examples would give others
            assertThat(folder.resolve(name).resolve("loss.json"))
                    .hasSameTextualContentAs(folder.resolve("four/loss.json"));
        }
    }
}
