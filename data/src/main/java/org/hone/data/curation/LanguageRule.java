package org.hone.data.curation;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/**
 * Which languages rows may be in.
 *
 * @param allowed ISO 639-3 codes such as {@code eng}; empty allows every language
 * @param leastLetters a row with fewer letters is too short to tell, and is kept
 */
public record LanguageRule(List<String> allowed, int leastLetters) implements Serializable {
    /** Every language. */
    public static final LanguageRule ANY = new LanguageRule(List.of(), 0);

    private static final int SAMPLE = 2_000;

    /**
     * Checks that the detector knows the languages.
     *
     * @param allowed ISO 639-3 codes such as {@code eng}; empty allows every language
     * @param leastLetters a row with fewer letters is too short to tell, and is kept
     */
    public LanguageRule {
        allowed = List.copyOf(allowed);
        List<String> unknown = allowed.isEmpty()
                ? List.of()
                : allowed.stream()
                        .filter(language -> !LanguageDetection.languages().contains(language))
                        .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("languages " + unknown + " are not known; allowed are ISO 639-3 codes: "
                    + String.join(", ", LanguageDetection.languages()));
        }
    }

    Optional<Finding> check(RowContent row) {
        if (allowed.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder sample = new StringBuilder();
        for (Passage passage : row.passages()) {
            String text = passage.text();
            sample.append(
                            text,
                            0,
                            Math.min(text.length(), SAMPLE / row.passages().size() + 1))
                    .append('\n');
        }
        if (sample.codePoints().filter(Character::isLetter).count() < leastLetters) {
            return Optional.empty();
        }
        String language = LanguageDetection.of(sample);
        return allowed.contains(language) ? Optional.empty() : Optional.of(new Finding(RemovalRule.LANGUAGE, language));
    }
}
