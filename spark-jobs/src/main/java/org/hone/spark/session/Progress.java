package org.hone.spark.session;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Shows how far the work on the executors is: one moving line on a terminal, a plain line every few seconds
 * in a log.
 */
public final class Progress extends SparkListener {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    /** Set by {@code bin/hone}, which knows whether standard error is a terminal. */
    private static final String TERMINAL = "hone.terminal";

    private static final String DESCRIPTION = "spark.job.description";
    private static final long LOG_EVERY_NANOS = 5_000_000_000L;

    private final SparkSession spark;
    private final boolean terminal;
    private final Map<Long, TaskProgress> byTask = new HashMap<>();
    private @Nullable Shown shown;

    private @Nullable String outerDescription;
    private long lastLogged;

    private record Shown(
            ProgressAccumulator accumulator,
            String name,
            long total,
            String unit,
            @Nullable ProgressBar bar,
            long started,
            long before) {

        /** What a checkpoint had done took none of the time since. */
        Shown from(long done, @Nullable ProgressBar begun) {
            return new Shown(accumulator, name, total, unit, begun, System.nanoTime(), done);
        }
    }

    private Progress(SparkSession spark, boolean terminal) {
        this.spark = spark;
        this.terminal = terminal;
    }

    /**
     * Listens to a session.
     *
     * @param spark the session
     * @return the progress of its tasks
     */
    public static Progress of(SparkSession spark) {
        Progress progress = new Progress(spark, onTerminal());
        spark.sparkContext().addSparkListener(progress);
        return progress;
    }

    /** {@return whether a person is watching standard error} */
    public static boolean onTerminal() {
        return Boolean.getBoolean(TERMINAL);
    }

    /**
     * Begins to show a piece of work; the tasks that do it add to the accumulator.
     *
     * @param name what is done
     * @param total units of work in all
     * @param unit what a unit is, in the plural
     * @return the accumulator to give to the tasks
     */
    public synchronized ProgressAccumulator begin(String name, long total, String unit) {
        end();
        ProgressAccumulator accumulator = new ProgressAccumulator();
        spark.sparkContext().register(accumulator, name + " progress");
        outerDescription = spark.sparkContext().getLocalProperty(DESCRIPTION);
        spark.sparkContext().setJobDescription(name);
        byTask.clear();
        lastLogged = System.nanoTime();
        shown = new Shown(accumulator, name, total, unit, terminal ? bar(name, total, unit, 0) : null, lastLogged, 0);
        return accumulator;
    }

    /** Ends the line that is shown. */
    public synchronized void end() {
        if (shown == null) {
            return;
        }
        if (shown.bar() != null) {
            shown.bar().close();
        }
        shown = null;
        spark.sparkContext().setJobDescription(outerDescription);
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        CollectionConverters.asJava(update.accumUpdates())
                .forEach(task -> CollectionConverters.asJava(task._4()).forEach(info -> note((Long) task._1(), info)));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        if (!end.taskInfo().successful()) {
            forget(end.taskInfo().taskId());
            return;
        }
        CollectionConverters.asJava(end.taskInfo().accumulables())
                .forEach(info -> note(end.taskInfo().taskId(), info));
    }

    /** What a failed task did is done again by another. */
    private synchronized void forget(long task) {
        byTask.remove(task);
    }

    private synchronized void note(long task, AccumulableInfo info) {
        if (shown == null
                || info.id() != shown.accumulator().id()
                || info.update().isEmpty()) {
            return;
        }
        if (info.update().get() instanceof TaskProgress progress) {
            byTask.put(task, progress);
            Shown current = shown;
            if (progress.before() > current.before()) {
                current = resumed(current, progress.before());
                shown = current;
            }
            show(current, progress.text());
        }
    }

    /** The time left is told by the steps since then. */
    private static Shown resumed(Shown current, long before) {
        if (current.bar() == null) {
            return current.from(before, null);
        }
        current.bar().close();
        return current.from(before, bar(current.name(), current.total(), current.unit(), before));
    }

    private void show(Shown current, String text) {
        long done = Math.min(
                current.total(),
                byTask.values().stream().mapToLong(TaskProgress::done).sum());
        if (current.bar() != null) {
            current.bar().stepTo(done).setExtraMessage(text);
        } else if (System.nanoTime() - lastLogged > LOG_EVERY_NANOS && done > current.before()) {
            lastLogged = System.nanoTime();
            double seconds = (System.nanoTime() - current.started()) / 1e9;
            LOG.info(
                    "{}: {} of {} {}{}, {} s left",
                    current.name(),
                    done,
                    current.total(),
                    current.unit(),
                    text.isEmpty() ? "" : ", " + text,
                    Math.round(seconds / (done - current.before()) * (current.total() - done)));
        }
    }

    private static ProgressBar bar(String name, long total, String unit, long before) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(500)
                .startsFrom(before, Duration.ZERO)
                .build();
    }
}
