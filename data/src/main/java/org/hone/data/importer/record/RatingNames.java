package org.hone.data.importer.record;

import java.util.Locale;
import org.hone.data.preference.Rating;
import org.jspecify.annotations.Nullable;

/** The four-point scale as sets and people spell it. */
public final class RatingNames {
    /** What is understood, for messages. */
    public static final String ALLOWED = "significantly_better, better, slightly_better or negligibly_better_or_unsure";

    private RatingNames() {}

    /**
     * The rating that a text names, in any case and with blanks, dashes, slashes or underscores between its words.
     *
     * @param text the text
     * @return the rating; null if it names none
     */
    public static @Nullable Rating of(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_");
        return switch (name) {
            case "significantly_better" -> Rating.SIGNIFICANTLY_BETTER;
            case "better" -> Rating.BETTER;
            case "slightly_better" -> Rating.SLIGHTLY_BETTER;
            case "negligibly_better_or_unsure", "negligibly_better_unsure", "negligibly_better", "unsure" ->
                Rating.NEGLIGIBLY_BETTER_OR_UNSURE;
            default -> null;
        };
    }

    /**
     * The rating that a field names.
     *
     * @param field a text
     * @return the rating
     * @throws Refusal UNKNOWN_VALUE if it names none
     */
    public static Rating of(Field field) throws Refusal {
        Rating rating = of(field.text());
        if (rating == null) {
            throw field.unknown(ALLOWED);
        }
        return rating;
    }
}
