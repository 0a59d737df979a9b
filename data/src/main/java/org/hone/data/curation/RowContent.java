package org.hone.data.curation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hone.data.preference.SafetyBin;
import org.jspecify.annotations.Nullable;

/** What curation looks at in a row of any table. Every text is hashed at most once, when it is first asked for. */
public final class RowContent {
    private final List<Passage> passages;
    private final @Nullable SafetyBin safetyBin;
    private final @Nullable String url;
    private @Nullable List<ExactHash> hashes;

    /**
     * A row.
     *
     * @param passages its texts, in their order
     * @param safetyBin which response of a pair is safe, null if the source does not say
     * @param url where a document was found, null if the source does not say
     */
    public RowContent(List<Passage> passages, @Nullable SafetyBin safetyBin, @Nullable String url) {
        this.passages = List.copyOf(passages);
        this.safetyBin = safetyBin;
        this.url = url;
    }

    /**
     * Its texts.
     *
     * @return the passages, in their order
     */
    public List<Passage> passages() {
        return passages;
    }

    /** Which response of a pair is safe; null if the source does not say. */
    @Nullable SafetyBin safetyBin() {
        return safetyBin;
    }

    /** Where a document was found; null if the source does not say. */
    @Nullable String url() {
        return url;
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
        return ExactHash.of(passages, hashes());
    }

    /**
     * A name that a comparison shares with its contradiction.
     *
     * @return the hash of the row plus that of the row with the preference swapped
     */
    public ExactHash eitherWay() {
        List<ExactHash> swapped = new ArrayList<>(hashes());
        int chosen = place(Passage.Kind.CHOSEN);
        int rejected = place(Passage.Kind.REJECTED);
        if (chosen >= 0 && rejected >= 0) {
            swapped.set(chosen, hashes().get(rejected));
            swapped.set(rejected, hashes().get(chosen));
        }
        return exact().plus(ExactHash.of(passages, swapped));
    }

    /**
     * What all rows of a conversation share: the first user turn as it reads.
     *
     * @return a hash; empty for a document
     */
    public Optional<Long> conversation() {
        int first = place(Passage.Kind.USER);
        return first < 0 ? Optional.empty() : Optional.of(hashes().get(first).high());
    }

    /** The names of the passages, in their order. */
    List<ExactHash> hashes() {
        if (hashes == null) {
            List<ExactHash> computed = new ArrayList<>(passages.size());
            for (Passage passage : passages) {
                computed.add(ExactHash.of(passage.text()));
            }
            hashes = computed;
        }
        return hashes;
    }

    private int place(Passage.Kind kind) {
        for (int i = 0; i < passages.size(); i++) {
            if (passages.get(i).kind() == kind) {
                return i;
            }
        }
        return -1;
    }
}
