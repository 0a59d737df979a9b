package org.hone.spark.training;

import java.util.ArrayList;
import java.util.List;

/**
 * What the steps of a run showed, at most about a thousand of them, so that a checkpoint stays small however
 * long the run is.
 *
 * @param points the points, in order of their steps
 */
record LossCurve(List<Point> points) {
    private static final long MOST = 1_000;

    LossCurve {
        points = new ArrayList<>(points);
    }

    /**
     * One step.
     *
     * @param step its number, from 1
     * @param loss mean over the global batch, in nats
     * @param correct share of pairs ranked right; 0 for a policy
     * @param gradientNorm global norm before clipping
     * @param learningRate the step's rate
     */
    record Point(long step, double loss, double correct, double gradientNorm, double learningRate) {}

    void add(Point point, long totalSteps) {
        long every = (totalSteps + MOST - 1) / MOST;
        if (point.step() % every == 0 || point.step() == 1 || point.step() == totalSteps) {
            points.add(point);
        }
    }
}
