package org.hone.spark.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that an evaluation found. It is the same, to the bit, for any partitions of the rewards.
 *
 * @param sets names of the sets, in the order in which they were given
 * @param models names of the reward models, likewise
 * @param figures shares, errors, correlations, each with its baselines
 * @param calibration bins of comparisons of which a model is equally sure
 * @param histograms how rewards are spread
 */
public record EvaluationReport(
        List<String> sets,
        List<String> models,
        List<Figure> figures,
        List<CalibrationBin> calibration,
        List<HistogramBin> histograms) {
    /**
     * Copies the lists.
     *
     * @param sets names of the sets, in the order in which they were given
     * @param models names of the reward models, likewise
     * @param figures shares, errors, correlations, each with its baselines
     * @param calibration bins of comparisons of which a model is equally sure
     * @param histograms how rewards are spread
     */
    public EvaluationReport {
        sets = List.copyOf(sets);
        models = List.copyOf(models);
        figures = List.copyOf(figures);
        calibration = List.copyOf(calibration);
        histograms = List.copyOf(histograms);
    }

    /**
     * Makes the figures of all sets.
     *
     * @param sets the rewards of each set
     * @return the report
     */
    static EvaluationReport of(List<JudgedPairs> sets) {
        List<Figure> figures = new ArrayList<>();
        List<CalibrationBin> calibration = new ArrayList<>();
        List<HistogramBin> histograms = new ArrayList<>();
        for (JudgedPairs pairs : sets) {
            figures.addAll(AccuracyFigures.of(pairs));
            List<CalibrationBin> bins = CalibrationFigures.bins(pairs);
            calibration.addAll(bins);
            figures.addAll(CalibrationFigures.of(pairs, bins));
            figures.addAll(GateFigures.of(pairs));
            figures.addAll(AgreementFigures.of(pairs));
            figures.addAll(DistributionFigures.lengthCorrelations(pairs));
            DistributionFigures.add(pairs, figures, histograms);
        }
        return new EvaluationReport(
                sets.stream().map(JudgedPairs::set).toList(),
                sets.isEmpty() ? List.of() : sets.get(0).models(),
                figures,
                calibration,
                histograms);
    }

    /**
     * A model's figures, without baselines.
     *
     * @param set the set
     * @param model the model
     * @param name what is measured
     * @param dimension what is grouped by
     * @return one a group, in order
     */
    public List<Figure> figures(String set, String model, String name, String dimension) {
        return figures.stream()
                .filter(figure -> figure.baseline() == null
                        && figure.set().equals(set)
                        && figure.model().equals(model)
                        && figure.name().equals(name)
                        && figure.dimension().equals(dimension))
                .toList();
    }

    /**
     * What stands beside a figure.
     *
     * @param figure a figure of a model
     * @param baseline which baseline
     * @return the baseline's figure for the same comparisons, absent where it has none
     */
    public Optional<Figure> beside(Figure figure, String baseline) {
        return figures.stream()
                .filter(other -> baseline.equals(other.baseline())
                        && other.set().equals(figure.set())
                        && other.model().equals(figure.model())
                        && other.name().equals(figure.name())
                        && other.dimension().equals(figure.dimension())
                        && other.group().equals(figure.group()))
                .findFirst();
    }

    /**
     * A model's figure over all comparisons of a set.
     *
     * @param set the set
     * @param model the model
     * @param name what is measured
     * @return the figure, absent where there is nothing to measure
     */
    public Optional<Figure> overall(String set, String model, String name) {
        return figures(set, model, name, Dimension.ALL.key()).stream().findFirst();
    }

    /** {@return the pairs of models whose agreement was measured, as figures name them} */
    public List<String> couples() {
        return figures.stream()
                .filter(figure -> figure.name().equals(AgreementFigures.SAME_DECISION))
                .map(Figure::model)
                .distinct()
                .toList();
    }
}
