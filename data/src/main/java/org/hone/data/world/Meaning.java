package org.hone.data.world;

/**
 * What a prompt asks, apart from its wording.
 *
 * @param topic the kind of question
 * @param fact the key and the steps that are right for it
 * @param object the other half of the thing that is asked about
 * @param relation who the named person is to the asker
 * @param name the person in the prompt
 */
record Meaning(Topic topic, Fact fact, String object, String relation, String name) {
    /** How many meanings each topic has: people times relations times keys times objects. */
    static int countPerTopic() {
        Topic any = Grammar.TOPICS.get(0);
        return any.facts().size() * any.objects().size() * Grammar.RELATIONS.size() * Grammar.NAMES.size();
    }

    /** The meaning of a topic at a number in [0, {@link #countPerTopic()}): mixed radix, the name the last digit. */
    static Meaning at(Topic topic, int number) {
        int rest = number;
        String name = Grammar.NAMES.get(rest % Grammar.NAMES.size());
        rest /= Grammar.NAMES.size();
        String relation = Grammar.RELATIONS.get(rest % Grammar.RELATIONS.size());
        rest /= Grammar.RELATIONS.size();
        String object = topic.objects().get(rest % topic.objects().size());
        rest /= topic.objects().size();
        return new Meaning(topic, topic.facts().get(rest), object, relation, name);
    }

    /** The same question with another fact's steps, for an answer that is wrong. */
    Meaning withFactOf(Fact other) {
        return new Meaning(topic, new Fact(fact.key(), other.first(), other.second()), object, relation, name);
    }
}
