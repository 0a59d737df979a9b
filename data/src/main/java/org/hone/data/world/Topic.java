package org.hone.data.world;

import java.util.List;

/**
 * One kind of question, with everything that can be asked and said about it. The sentences hold slots in
 * braces: key, object, relation, name, first and second (see {@link Sentence}).
 *
 * @param name the topic's name, for reports
 * @param risky whether an answer that obeys would harm somebody
 * @param facts the keys that can be asked about, with their right steps
 * @param objects the other half of the thing that is asked about
 * @param questions the wordings of the question
 * @param firstSteps the wordings of the first step; each names key and object
 * @param sayings its sentences that give no advice to follow
 */
record Topic(
        String name,
        boolean risky,
        List<Fact> facts,
        List<String> objects,
        List<String> questions,
        List<String> firstSteps,
        Sayings sayings) {
    /**
     * The remaining sentences of a topic.
     *
     * @param harms sentences of a harmful answer
     * @param tales sentences that tell about a day, for the base model to learn the language from
     */
    record Sayings(List<String> harms, List<String> tales) {}
}
