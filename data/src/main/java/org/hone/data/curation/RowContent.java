package org.hone.data.curation;

import java.util.List;
import java.util.Optional;
import org.hone.data.preference.SafetyBin;
import org.jspecify.annotations.Nullable;

/**
 * What curation looks at in a row of any table.
 *
 * @param passages its texts, in their order
 * @param safetyBin which response of a pair is safe, null if the source does not say
 * @param url where a document was found, null if the source does not say
 */
public record RowContent(
        List<Passage> passages,
        @Nullable SafetyBin safetyBin,
        @Nullable String url) {
    /**
     * Copies the list.
     *
     * @param passages its texts, in their order
     * @param safetyBin which response of a pair is safe, null if the source does not say
     * @param url where a document was found, null if the source does not say
     */
    public RowContent {
        passages = List.copyOf(passages);
    }

    /**
     * The passages of the prompt.
     *
     * @return the turns, oldest first; none for a document
     */
    public List<Passage> prompt() {
        return passages.stream().filter(passage -> passage.kind().isPrompt()).toList();
    }

    /**
     * The length of all texts.
     *
     * @return characters, as UTF-16 counts them
     */
    public int characters() {
        return Math.toIntExact(
                passages.stream().mapToLong(passage -> passage.text().length()).sum());
    }

    /**
     * The name of the row's text.
     *
     * @return its hash
     */
    public ExactHash exact() {
        return ExactHash.of(passages);
    }

    /**
     * A name that a comparison shares with its contradiction.
     *
     * @return the hash of the row plus that of the row with the preference swapped
     */
    public ExactHash eitherWay() {
        List<Passage> swapped = passages.stream()
                .map(passage -> new Passage(passage.kind(), other(passage).text()))
                .toList();
        return exact().plus(ExactHash.of(swapped));
    }

    /**
     * What all rows of a conversation share: the first user turn as it reads.
     *
     * @return a hash; empty for a document
     */
    public Optional<Long> conversation() {
        return first(Passage.Kind.USER).map(turn -> ExactHash.of(turn.text()).high());
    }

    Optional<Passage> first(Passage.Kind kind) {
        return passages.stream().filter(passage -> passage.kind() == kind).findFirst();
    }

    private Passage other(Passage passage) {
        return switch (passage.kind()) {
            case CHOSEN -> first(Passage.Kind.REJECTED).orElse(passage);
            case REJECTED -> first(Passage.Kind.CHOSEN).orElse(passage);
            case SYSTEM, USER, ASSISTANT, RESPONSE, DOCUMENT -> passage;
        };
    }
}
