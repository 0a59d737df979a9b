package org.hone.data.audit;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.hone.data.tokenizer.Tokenizer;

/** Rules on the ids of one row alone; they hold for a row in memory and for one in a shard. */
public final class TokenRules {
    /** A code point that no vocabulary has as a piece: for private use. */
    private static final String UNSPELLABLE = "\ue123";

    private final Tokenizer tokenizer;
    private final int maxLength;
    private final Rule unknown;

    /**
     * The rules for a tokenizer.
     *
     * @param tokenizer the tokenizer that the rows were made with
     * @param maxLength the most ids of a row
     */
    public TokenRules(Tokenizer tokenizer, int maxLength) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
        this.unknown = spellsEverything(tokenizer) ? Rule.UNKNOWN_TOKEN : Rule.UNKNOWN_CHARACTER;
    }

    private static boolean spellsEverything(Tokenizer tokenizer) {
        for (int id : tokenizer.encode(UNSPELLABLE)) {
            if (id == tokenizer.unkId()) {
                return false;
            }
        }
        return true;
    }

    /** How much of a response is in its row. */
    public enum Ending {
        /** All of it. */
        WHOLE,
        /** Its end was cut off. */
        CUT,
        /** The row does not say. */
        UNKNOWN
    }

    /**
     * Checks a row that is trained on.
     *
     * @param ids its ids
     * @param trained which of them the loss counts; as long as {@code ids}
     * @param promptLength where the response begins
     * @param ending whether the response was cut
     * @return the rules that it breaks
     */
    public Set<Rule> check(int[] ids, boolean[] trained, int promptLength, Ending ending) {
        EnumSet<Rule> broken = EnumSet.noneOf(Rule.class);
        checkIds(ids, broken);
        boolean any = false;
        for (int i = 0; i < ids.length; i++) {
            any |= trained[i];
            if (trained[i] && i < promptLength) {
                broken.add(Rule.PROMPT_TRAINED);
            }
        }
        if (!any) {
            broken.add(Rule.NOTHING_TRAINED);
        }
        checkEnd(ids, trained, promptLength, ending, broken);
        return broken;
    }

    /**
     * Checks a prompt that waits for a response.
     *
     * @param ids its ids
     * @return the rules that it breaks
     */
    public Set<Rule> checkPrompt(int[] ids) {
        EnumSet<Rule> broken = EnumSet.noneOf(Rule.class);
        checkIds(ids, broken);
        if (ids.length > 0 && ids[ids.length - 1] == tokenizer.eosId()) {
            broken.add(Rule.EOS_IN_PROMPT);
        }
        return broken;
    }

    /**
     * Checks the length of a row of several examples.
     *
     * @param tokens its ids
     * @return {@link Rule#TOO_LONG} or nothing
     */
    public Set<Rule> length(int tokens) {
        return tokens > maxLength ? EnumSet.of(Rule.TOO_LONG) : EnumSet.noneOf(Rule.class);
    }

    private void checkEnd(int[] ids, boolean[] trained, int promptLength, Ending ending, Set<Rule> broken) {
        int last = ids.length - 1;
        boolean ends = last >= promptLength && ids[last] == tokenizer.eosId();
        if (!ends && ending == Ending.WHOLE) {
            broken.add(Rule.EOS_MISSING);
        }
        if (ends && ending == Ending.CUT) {
            broken.add(Rule.EOS_AFTER_CUT);
        }
        if (ends && !trained[last]) {
            broken.add(Rule.EOS_MASKED);
        }
        if (ends && last == promptLength) {
            broken.add(Rule.EMPTY_RESPONSE);
        }
        for (int i = promptLength; i < last; i++) {
            if (ids[i] == tokenizer.eosId()) {
                broken.add(Rule.EOS_INSIDE_RESPONSE);
            }
        }
        // no answer is empty of all ids, and the user's turn comes before the response
        if (promptLength > 0 && promptLength <= ids.length && ids[promptLength - 1] == tokenizer.eosId()) {
            broken.add(Rule.EOS_IN_PROMPT);
        }
    }

    private void checkIds(int[] ids, Set<Rule> broken) {
        if (ids.length > maxLength) {
            broken.add(Rule.TOO_LONG);
        }
        if (ids.length == 0 || ids[0] != tokenizer.bosId()) {
            broken.add(Rule.BOS_NOT_FIRST);
        }
        for (int i = 0; i < ids.length; i++) {
            int id = ids[i];
            if (id < 0 || id >= tokenizer.vocabularySize()) {
                broken.add(Rule.OUTSIDE_VOCABULARY);
            } else if (id == tokenizer.bosId()) {
                if (i > 0) {
                    broken.add(Rule.SECOND_BOS);
                }
            } else if (tokenizer.isControl(id) && id != tokenizer.eosId()) {
                broken.add(isPadding(id) ? Rule.PADDING_INSIDE : Rule.OTHER_CONTROL);
            } else if (id == tokenizer.unkId()) {
                broken.add(unknown);
            }
        }
    }

    /** Neither file format names its padding token in a way that both share; all that are known have it in their name. */
    private boolean isPadding(int id) {
        return tokenizer.piece(id).toLowerCase(Locale.ROOT).contains("pad");
    }
}
