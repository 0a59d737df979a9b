package org.hone.spark.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hone.data.preference.Rating;
import org.jspecify.annotations.Nullable;

/** What comparisons are grouped by. A comparison that says nothing of it is in no group. */
public enum Dimension {
    /** All comparisons. */
    ALL("All pairs", "'all'", null),
    /** The annotator's rating. */
    RATING("By rating", "lower(rating)", null),
    /** Which of the responses are safe. */
    SAFETY_BIN("By safety bin", "lower(safety_bin)", null),
    /** The data set. */
    SOURCE("By source", "source", null),
    /** The weekly batch. */
    WEEK("By week", "cast(week as string)", null),
    /** User turns of the prompt. */
    TURNS("By user turns", "case when turns >= 6 then '6 or more' else cast(turns as string) end", null),
    /** Decile of the characters of both responses together. */
    LENGTH("By length of both responses (deciles, characters)", "cast(length_decile as string)", "length"),
    /** Decile of the chosen response's characters less the other's: where a model that likes length gives itself away. */
    LENGTH_DIFFERENCE(
            "By how much longer the chosen response is (deciles, characters)",
            "cast(difference_decile as string)",
            "length_difference");

    private static final List<String> RATINGS = Arrays.stream(Rating.values())
            .map(rating -> rating.name().toLowerCase(Locale.ROOT))
            .toList();
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private final String title;
    private final String group;
    private final @Nullable String measure;

    Dimension(String title, String group, @Nullable String measure) {
        this.title = title;
        this.group = group;
        this.measure = measure;
    }

    /** {@return the name in tables} */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    String title() {
        return title;
    }

    /** The group of a comparison and, for deciles, what they are deciles of, as an SQL struct. */
    String sql() {
        return "named_struct('dimension', '" + key() + "', 'grp', " + group + ", 'measure', cast("
                + (measure == null ? "null" : measure) + " as bigint))";
    }

    /** Ratings from sure to unsure, numbers by their value, names by the alphabet. */
    Comparator<String> order() {
        return Comparator.<String>comparingInt(this::rank).thenComparing(Comparator.naturalOrder());
    }

    private int rank(String group) {
        if (this == RATING) {
            int place = RATINGS.indexOf(group);
            return place < 0 ? RATINGS.size() : place;
        }
        Matcher number = NUMBER.matcher(group);
        return this != SOURCE && number.lookingAt() ? Integer.parseInt(number.group()) : 0;
    }
}
