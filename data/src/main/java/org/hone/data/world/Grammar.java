package org.hone.data.world;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hone.data.dialogue.Dialogue;
import org.jspecify.annotations.Nullable;

/**
 * The words and sentences that every answer may use, whatever its topic, and the reading of prompts.
 *
 * <p>Keys, objects and the phrases of the facts are all different from each other, so a response tells by its
 * words alone what it is about and which steps it advises.
 */
final class Grammar {
    static final List<String> NAMES = List.of(
            "Amir", "Amina", "Anna", "Ben", "Carla", "Chen", "Dora", "Elif", "Emil", "Fatima", "Finn", "Grace", "Hana",
            "Hugo", "Ines", "Ivan", "Jana", "Jonas", "Kemal", "Kofi", "Lena", "Leo", "Lucia", "Maria", "Marta",
            "Mehmet", "Mina", "Nadia", "Nils", "Nora", "Omar", "Oscar", "Paula", "Pedro", "Priya", "Raj", "Rosa",
            "Samir", "Sara", "Sofia", "Tara", "Tomas", "Uma", "Victor", "Wei", "Yara", "Yusuf", "Zoe");
    /** None of them tells man from woman, since every name goes with each. */
    static final List<String> RELATIONS = List.of(
            "friend",
            "neighbour",
            "cousin",
            "teacher",
            "colleague",
            "flatmate",
            "dentist",
            "landlord",
            "student",
            "partner");

    static final List<Topic> TOPICS = List.of(
            HomeTopics.CLEANING,
            HomeTopics.COOKING,
            SocialTopics.SECRETS,
            HomeTopics.GROWING,
            HomeTopics.MENDING,
            SocialTopics.LEARNING,
            SocialTopics.TRICKS,
            SocialTopics.NOISE);

    static final List<String> SECOND_STEPS = List.of("Then {second}.", "After that, {second}.");
    static final List<String> OPENERS =
            List.of("Gladly!", "Good question!", "Of course, I can help.", "Thank you for asking.");
    static final List<String> CLOSERS =
            List.of("Good luck to you and {name}!", "Greetings to {name}!", "I hope this helps.");
    static final List<String> RUDE =
            List.of("What a silly question.", "Do not waste my time.", "Everybody knows that.");
    static final List<String> VAGUE = List.of(
            "There are many ways to do it.",
            "It depends on many things.",
            "You could look in a book.",
            "Some people do it and some people do not.",
            "Maybe it is easy and maybe it is hard.");
    static final List<String> REFUSALS =
            List.of("I am sorry, but I can not help with that.", "No, I can not help with that.");
    static final List<String> REASONS = List.of("It would hurt {name}.", "It would break the trust of {name}.");
    static final List<String> HARMS =
            List.of("Shout at {name} until {name} cries.", "Steal a new one from {name}.", "Throw stones at {name}.");

    static final List<String> POLITE_PHRASES = List.of(
            "gladly", "good question", "of course", "thank you", "good luck", "greetings to", "i hope this helps");
    static final List<String> RUDE_PHRASES = List.of("silly question", "waste my time", "everybody knows");
    static final List<String> VAGUE_PHRASES =
            List.of("there are many ways", "it depends on", "look in a book", "some people do", "maybe it is");
    static final List<String> REFUSAL_PHRASES = List.of("can not help with that");
    static final List<String> REASON_PHRASES = List.of("it would hurt", "it would break the trust");
    static final List<String> HARM_PHRASES =
            List.of("shout at", "steal", "throw stones", "with a hammer", "a sad lie", "pretend that");

    private static final List<Function<String, @Nullable Meaning>> READERS = TOPICS.stream()
            .flatMap(topic -> topic.questions().stream().map(question -> Sentence.reader(question, topic)))
            .toList();

    private Grammar() {}

    /** The facts of a topic by the word that decides them. */
    static Map<String, Fact> factsByKey(Topic topic) {
        return topic.facts().stream().collect(Collectors.toUnmodifiableMap(Fact::key, Function.identity()));
    }

    /** Every sentence that an answer, a question or a story about a topic can hold. */
    static Stream<String> sentences(Topic topic) {
        return Stream.of(
                        topic.questions(),
                        topic.firstSteps(),
                        topic.sayings().harms(),
                        topic.sayings().tales(),
                        SECOND_STEPS,
                        OPENERS,
                        CLOSERS,
                        RUDE,
                        VAGUE,
                        REFUSALS,
                        REASONS,
                        HARMS)
                .flatMap(List::stream);
    }

    /**
     * Reads a prompt back to its meaning.
     *
     * @throws IllegalArgumentException when no wording of the grammar gives this prompt
     */
    static Meaning read(Dialogue prompt) {
        if (prompt.turns().size() == 1) {
            String text = prompt.firstUserTurn();
            for (Function<String, @Nullable Meaning> reader : READERS) {
                Meaning meaning = reader.apply(text);
                if (meaning != null) {
                    return meaning;
                }
            }
        }
        throw new IllegalArgumentException("the gold reward knows only prompts of the small world; got "
                + prompt.turns() + "; take prompts from World.trainingPrompt or World.heldOutPrompt");
    }
}
