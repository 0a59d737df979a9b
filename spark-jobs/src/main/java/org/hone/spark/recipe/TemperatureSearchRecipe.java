package org.hone.spark.recipe;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The search for the best temperature at the start of every round, and of each of its passes (recipe section 7): it changes while a
 * policy is tuned.
 *
 * @param temperatures what is tried; nothing for no search
 * @param prompts how many training prompts are sampled at each
 */
public record TemperatureSearchRecipe(List<Double> temperatures, int prompts) implements Serializable {
    private static final double HOTTEST = 10;

    static TemperatureSearchRecipe read(Section section) {
        List<Double> temperatures = new ArrayList<>();
        for (String text : section.texts("temperatures")) {
            try {
                temperatures.add(Double.valueOf(text));
            } catch (NumberFormatException e) {
                section.refuse("temperatures", "got " + text + ", expected numbers from 0 to " + HOTTEST);
            }
        }
        if (temperatures.stream().anyMatch(temperature -> !(temperature >= 0 && temperature <= HOTTEST))) {
            section.refuse("temperatures", "got " + temperatures + ", expected numbers from 0 to " + HOTTEST);
        }
        if (temperatures.stream().distinct().count() < temperatures.size()) {
            section.refuse("temperatures", "got " + temperatures + ", expected each once");
        }
        return new TemperatureSearchRecipe(List.copyOf(temperatures), section.integer("prompts", 64, 2, 1_000_000));
    }

    /**
     * Whether anything is searched.
     *
     * @return true if there are temperatures to try
     */
    public boolean isWanted() {
        return !temperatures.isEmpty();
    }
}
