package org.hone.data.world;

import org.hone.data.dialogue.ContentHash;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.preference.PreferencePair;
import org.hone.data.preference.Rating;
import org.hone.data.preference.SafetyBin;
import org.jspecify.annotations.Nullable;

/**
 * A small world of everyday questions: documents, answered prompts, preferences and prompts, each a pure
 * function of (seed, index).
 *
 * <p>A prompt is a question about one of six harmless topics or two risky ones, six things that decide the right
 * answer, ten objects or occasions, ten relations and 48 people: 230,400 meanings, each worded in one of three
 * ways. Every meaning belongs to exactly one purpose, so prompts to sample from, prompts of preferences,
 * prompts of fine-tuning examples and held-out prompts never meet.
 *
 * <p>Preferences follow Bradley and Terry: an annotator sees the gold difference of two answers of the crowd plus logistic
 * noise of scale s, so P(a over b) = sigmoid((gold(a) - gold(b)) / s), and rates the size of what was seen.
 */
public final class World {
    /** The source that every preference of the world names. */
    public static final String SOURCE = "quickstart-world";

    /** Scale of a crowd's noise, in units of the gold reward. */
    private static final double NOISE = 1.0;

    private static final int ANNOTATORS = 12;

    private final long seed;
    private final double noise;
    private final PromptOrder order;
    private final GoldReward gold = new GoldReward();

    /**
     * A world.
     *
     * @param seed two worlds of one seed are equal, whatever the machine
     */
    public World(long seed) {
        this(seed, NOISE);
    }

    /**
     * A world whose annotators see more or less clearly.
     *
     * @param seed two worlds of one seed and one noise are equal, whatever the machine
     * @param noise scale s of the annotators' noise, in units of the gold reward; a crowd's is 1
     */
    public World(long seed, double noise) {
        this.seed = seed;
        this.noise = noise;
        this.order = new PromptOrder(seed);
    }

    /**
     * The number of different prompts to sample from.
     *
     * @return the bound of the index of {@link #trainingPrompt}
     */
    public long trainingPrompts() {
        return order.count(Purpose.SAMPLING);
    }

    /**
     * The number of different prompts kept for evaluation.
     *
     * @return the bound of the index of {@link #heldOutPrompt}
     */
    public long heldOutPrompts() {
        return order.count(Purpose.HELD_OUT);
    }

    /**
     * A prompt to sample responses to; no two indices give the same.
     *
     * @param index from 0 to below {@link #trainingPrompts()}
     * @return a dialogue of one turn
     * @throws IllegalArgumentException when the index is out of range
     */
    public Dialogue trainingPrompt(long index) {
        return question(order.at(Purpose.SAMPLING, checked(Purpose.SAMPLING, index)));
    }

    /**
     * A prompt that is never in documents, fine-tuning examples, preferences or training prompts; no two indices
     * give the same.
     *
     * @param index from 0 to below {@link #heldOutPrompts()}
     * @return a dialogue of one turn
     * @throws IllegalArgumentException when the index is out of range
     */
    public Dialogue heldOutPrompt(long index) {
        return question(order.at(Purpose.HELD_OUT, checked(Purpose.HELD_OUT, index)));
    }

    /**
     * A text for the base model: half of them question and answer, half small stories, both mostly right.
     *
     * @param index from 0, without an upper bound; prompts come again after 51,840, with other answers
     * @return the document
     * @throws IllegalArgumentException when the index is negative
     */
    public Document document(long index) {
        Draws draws = draws(Purpose.DOCUMENT, index);
        Meaning meaning = cyclic(Purpose.DOCUMENT, index);
        return new Document(Documents.write(meaning, question(meaning).firstUserTurn(), draws));
    }

    /**
     * A fine-tuning example of the crowd's mixed quality.
     *
     * @param index from 0, without an upper bound; prompts come again after 51,840, with other answers
     * @return the example
     * @throws IllegalArgumentException when the index is negative
     */
    public SftExample sftExample(long index) {
        Draws draws = draws(Purpose.SFT, index);
        Meaning meaning = cyclic(Purpose.SFT, index);
        return new SftExample(question(meaning), ofTheCrowd(meaning, draws));
    }

    /**
     * A rated comparison of two answers of the crowd, with an annotator's noise.
     *
     * <p>The safety bin is null for a harmless prompt: only risky prompts are asked about safety.
     *
     * @param index from 0, without an upper bound; prompts come again after 51,840, with other answers
     * @return the comparison, of week 1
     * @throws IllegalArgumentException when the index is negative
     */
    public PreferencePair preference(long index) {
        Draws draws = draws(Purpose.PREFERENCE, index);
        Meaning meaning = cyclic(Purpose.PREFERENCE, index);
        Dialogue prompt = question(meaning);
        String a = ofTheCrowd(meaning, draws);
        String b = ofTheCrowd(meaning, draws);
        while (b.equals(a)) {
            b = ofTheCrowd(meaning, draws);
        }
        return judged(prompt, a, b, meaning, draws, 1);
    }

    /**
     * A rated comparison of two responses of a policy, by one of the crowd's annotators with an annotator's noise.
     *
     * @param prompt a prompt of this or any other world
     * @param a a response
     * @param b another
     * @param week the weekly batch that it belongs to
     * @return the comparison; its safety bin is null for a harmless prompt
     * @throws IllegalArgumentException when the prompt is not of the small world
     */
    public PreferencePair compare(Dialogue prompt, String a, String b, int week) {
        String responses = ContentHash.start().add(prompt).add(a).add(b).hex();
        long index = Long.parseUnsignedLong(responses.substring(0, 16), 16) >>> 1;
        return judged(prompt, a, b, Grammar.read(prompt), draws(Purpose.PREFERENCE, index), week);
    }

    private PreferencePair judged(Dialogue prompt, String a, String b, Meaning meaning, Draws draws, int week) {
        double seen = gold.reward(prompt, a) - gold.reward(prompt, b) + noise * draws.logistic();
        String chosen = seen >= 0 ? a : b;
        String rejected = seen >= 0 ? b : a;
        return new PreferencePair(
                PreferencePair.idOf(SOURCE, prompt, chosen, rejected),
                prompt,
                chosen,
                rejected,
                rating(Math.abs(seen)),
                meaning.topic().risky() ? bin(chosen, rejected) : null,
                null,
                SOURCE,
                week,
                "annotator-" + (1 + draws.below(ANNOTATORS)));
    }

    /**
     * An answer of a wished quality, for reports and tests.
     *
     * @param prompt a prompt of this or any other world
     * @param quality how good it is meant to be
     * @param draw answers of different draws differ in wording and detail
     * @return the answer, at most 45 words
     * @throws IllegalArgumentException when the prompt is not of the small world
     */
    public String answer(Dialogue prompt, Quality quality, long draw) {
        return AnswerWriter.write(Grammar.read(prompt), quality, draws(Purpose.HELD_OUT, draw));
    }

    /**
     * An answer as the crowd writes it: of any quality, poor ones more often than good ones.
     *
     * @param prompt a prompt of this or any other world
     * @param draw answers of different draws differ in quality, wording and detail
     * @return the answer, at most 45 words
     * @throws IllegalArgumentException when the prompt is not of the small world
     */
    public String crowdAnswer(Dialogue prompt, long draw) {
        return ofTheCrowd(Grammar.read(prompt), draws(Purpose.HELD_OUT, draw));
    }

    private static String ofTheCrowd(Meaning meaning, Draws draws) {
        return AnswerWriter.write(meaning, Quality.ofTheCrowd(meaning.topic().risky(), draws), draws);
    }

    private static Rating rating(double seen) {
        Rating rating = Rating.NEGLIGIBLY_BETTER_OR_UNSURE;
        if (seen >= 4) {
            rating = Rating.SIGNIFICANTLY_BETTER;
        } else if (seen >= 2.25) {
            rating = Rating.BETTER;
        } else if (seen >= 1) {
            rating = Rating.SLIGHTLY_BETTER;
        }
        return rating;
    }

    private @Nullable SafetyBin bin(String chosen, String rejected) {
        boolean chosenSafe = !gold.isHarmful(chosen);
        boolean otherSafe = !gold.isHarmful(rejected);
        if (chosenSafe) {
            return otherSafe ? SafetyBin.BOTH_SAFE : SafetyBin.CHOSEN_SAFE_OTHER_UNSAFE;
        }
        return otherSafe ? SafetyBin.CHOSEN_UNSAFE_OTHER_SAFE : SafetyBin.BOTH_UNSAFE;
    }

    /** The wording of a meaning follows from the meaning, so a paraphrase never crosses from one purpose to another. */
    private static Dialogue question(Meaning meaning) {
        int wordings = meaning.topic().questions().size();
        int choice = Math.floorMod(
                (meaning.fact().key() + meaning.object() + meaning.relation() + meaning.name()).hashCode(), wordings);
        return Dialogue.ofUser(Sentence.write(meaning.topic().questions().get(choice), meaning));
    }

    private Draws draws(Purpose purpose, long index) {
        if (index < 0) {
            throw new IllegalArgumentException("index " + index + ": indices start at 0");
        }
        return Draws.of(seed, purpose, index);
    }

    private Meaning cyclic(Purpose purpose, long index) {
        return order.at(purpose, index % order.count(purpose));
    }

    private long checked(Purpose purpose, long index) {
        if (index < 0 || index >= order.count(purpose)) {
            throw new IllegalArgumentException("index " + index + ": the world has prompts 0 to "
                    + (order.count(purpose) - 1) + " for this purpose; ask for fewer");
        }
        return index;
    }
}
