package org.hone.data.curation;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hone.data.preference.SafetyBin;

/**
 * The rules that need no other row.
 *
 * @param unsafeChosen whether {@link RemovalRule#UNSAFE_CHOSEN} is applied
 * @param identicalResponses whether {@link RemovalRule#IDENTICAL_RESPONSES} is applied
 * @param emptyText whether {@link RemovalRule#EMPTY_TEXT} is applied
 * @param limits bounds on the size
 * @param languages allowed languages
 */
public record RowRules(
        boolean unsafeChosen, boolean identicalResponses, boolean emptyText, TextLimits limits, LanguageRule languages)
        implements Serializable {
    /**
     * The first rule that a row breaks, in the order of {@link RemovalRule}.
     *
     * @param row the row
     * @param sites sites that documents may not be from
     * @return what is wrong with it
     */
    public Optional<Finding> check(RowContent row, SiteList sites) {
        return safety(row)
                .or(() -> identical(row))
                .or(() -> empty(row))
                .or(() -> limits.check(row))
                .or(() -> languages.check(row))
                .or(() -> Optional.ofNullable(row.url())
                        .flatMap(sites::match)
                        .map(host -> new Finding(RemovalRule.EXCLUDED_SITE, host)));
    }

    private Optional<Finding> safety(RowContent row) {
        return unsafeChosen && row.safetyBin() == SafetyBin.CHOSEN_UNSAFE_OTHER_SAFE
                ? Optional.of(
                        new Finding(RemovalRule.UNSAFE_CHOSEN, row.safetyBin().name()))
                : Optional.empty();
    }

    private Optional<Finding> identical(RowContent row) {
        if (!identicalResponses) {
            return Optional.empty();
        }
        Set<ExactHash> distinct = new HashSet<>();
        boolean repeats = false;
        for (int i = 0; i < row.passages().size(); i++) {
            Passage.Kind kind = row.passages().get(i).kind();
            if (kind == Passage.Kind.CHOSEN || kind == Passage.Kind.REJECTED) {
                repeats |= !distinct.add(row.hashes().get(i));
            }
        }
        return repeats
                ? Optional.of(new Finding(RemovalRule.IDENTICAL_RESPONSES, "chosen and rejected read the same"))
                : Optional.empty();
    }

    private Optional<Finding> empty(RowContent row) {
        if (!emptyText) {
            return Optional.empty();
        }
        List<Passage> prompt = row.prompt();
        if (!prompt.isEmpty() && prompt.get(prompt.size() - 1).text().isBlank()) {
            return Optional.of(new Finding(RemovalRule.EMPTY_TEXT, "the last user turn is empty"));
        }
        return row.passages().stream()
                .filter(passage -> !passage.kind().isPrompt() && passage.text().isBlank())
                .map(passage -> new Finding(RemovalRule.EMPTY_TEXT, spelling(passage) + " is empty"))
                .findFirst();
    }

    private static String spelling(Passage passage) {
        return switch (passage.kind()) {
            case CHOSEN -> "chosen";
            case REJECTED -> "rejected";
            case RESPONSE -> "response";
            case DOCUMENT -> "the document";
            case SYSTEM, USER, ASSISTANT -> "a turn";
        };
    }
}
