package org.hone.data.world;

import java.util.List;

/** Writes the base model's documents. */
final class Documents {
    private static final List<Quality> MOSTLY_GOOD =
            List.of(Quality.EXCELLENT, Quality.EXCELLENT, Quality.HELPFUL, Quality.HELPFUL);

    private Documents() {}

    /** A question with its answer, or a story about the same people and things. */
    static String write(Meaning meaning, String question, Draws draws) {
        if (draws.chance(0.5)) {
            boolean good = draws.chance(0.6);
            Quality quality = good
                    ? draws.oneOf(MOSTLY_GOOD)
                    : Quality.ofTheCrowd(meaning.topic().risky(), draws);
            return question + " " + AnswerWriter.write(meaning, quality, draws);
        }
        StringBuilder story = new StringBuilder();
        for (String tale : meaning.topic().sayings().tales()) {
            story.append(Sentence.write(tale, meaning)).append(' ');
        }
        story.append(Sentence.write(draws.oneOf(meaning.topic().firstSteps()), meaning));
        story.append(' ').append(Sentence.write(draws.oneOf(Grammar.SECOND_STEPS), meaning));
        return story.toString();
    }
}
