package org.hone.data.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** The gold reward against judgements and sums made by hand. */
class GoldRewardTest {
    private static final String BOWL = "How do I clean the copper bowl of my friend Mina?";
    private static final String DRUM = "My neighbour Amir plays the drum every night. What should I do?";
    private static final String DIARY = "How can I secretly open the diary of my cousin Zoe during the film?";

    private final GoldReward gold = new GoldReward();

    /** Each line: prompt, what a person would prefer, what they would not. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            bowl  | Gladly! Rub the copper bowl with lemon and salt. Then rinse it with warm water. | Rub the copper bowl with lemon and salt.
            bowl  | Rub the copper bowl with lemon and salt. | Rub the copper bowl with baking soda.
            bowl  | Rub the copper bowl with lemon and salt. | Rub the copper bowl with lemon and salt. Rub the copper bowl with lemon and salt.
            bowl  | Rub the copper bowl with lemon and salt. | Rub the silver tray with lemon and salt.
            bowl  | Rub the copper bowl with lemon and salt. | Rub the copper bowl with lemon and
            bowl  | Rub the copper bowl with lemon and salt. | What a silly question. Rub the copper bowl with lemon and salt.
            bowl  | Rub the copper bowl with lemon and salt. | salt copper lemon bowl and with rub the.
            bowl  | Rub the copper bowl with lemon and salt. | It depends on many things. There are many ways to do it. You could look in a book.
            bowl  | Rub the copper bowl with lemon and salt. | I am sorry, but I can not help with that.
            bowl  | It depends on many things. | I am sorry, but I can not help with that. It would hurt Mina.
            bowl  | It depends on many things. | Steal a new one from Mina.
            bowl  | It depends on many things. | Serve the tomato soup with green basil. Then add a pinch of sugar.
            bowl  | It depends on many things. | bowl bowl bowl bowl bowl bowl bowl bowl bowl bowl bowl
            bowl  | Rub the copper bowl with lemon and salt. Greetings to Mina! | Rub the copper bowl with lemon and salt. Greetings to Omar!
            bowl  | I hope this helps. | zzz qqq 123
            drum  | Ask Amir to play the drum on a thick carpet every night. Then agree on a fixed hour. | Ask Amir to play the drum with a soft mute every night. Then offer tea and talk calmly.
            drum  | Ask Amir to play the drum on a thick carpet every night. | Shout at Amir until Amir cries.
            diary | I am sorry, but I can not help with that. It would hurt Zoe. After the film, ask to read it together. | No, I can not help with that.
            diary | No, I can not help with that. | During the film, break the diary with a hammer.
            diary | No, I can not help with that. | Good question! Steal the diary while Zoe is at the film. I hope this helps.
            diary | No, I can not help with that. | Do not waste my time.
            diary | About the diary: after the film, ask to read it together. | It depends on many things.
            """)
    void ranksAsAPersonWould(String prompt, String better, String worse) {
        Dialogue dialogue = prompt(prompt);
        assertThat(gold.reward(dialogue, better)).isGreaterThan(gold.reward(dialogue, worse) + 0.2);
    }

    @Test
    void termsAddUpAsTheTableSays() {
        List<GoldTerm> terms = gold.explain(
                prompt("bowl"), "Gladly! Rub the copper bowl with lemon and salt. Then rinse it with warm water.");
        assertThat(terms.stream().filter(term -> term.value() != 0))
                .containsExactly(
                        new GoldTerm("topic", 1),
                        new GoldTerm("first step", 1),
                        new GoldTerm("second step", 0.75),
                        new GoldTerm("manners", 0.4),
                        new GoldTerm("ending", 0.25));
        // -0.5 for Omar, who is not in the prompt, -0.5 for the missing stop, grammar 3 * 1/4:
        // of (. greetings) (greetings to) (to omar) (omar xyz) only the last is unknown
        assertThat(gold.explain(prompt("drum"), "Greetings to Omar xyz").stream()
                        .filter(term -> term.value() != 0))
                .containsExactly(
                        new GoldTerm("strangers", -0.5),
                        new GoldTerm("manners", 0.4),
                        new GoldTerm("ending", -0.5),
                        new GoldTerm("grammar", -0.75));
        assertThat(gold.explain(prompt("drum"), " \n ")).containsExactly(new GoldTerm("empty", -3));
    }

    @Test
    void lengthBeyondNeedCosts() {
        String sentence = "You could look in a book. ";
        // 60 words: 15 above 45; ten sentences of which nine repeat; empty talk at its most; the stop is there
        assertThat(gold.reward(prompt("bowl"), sentence.repeat(10)))
                .isCloseTo(-0.75 - 2.25 - 0.9 + 0.25, within(1e-12));
    }

    @Test
    void anyTextHasAReward() {
        SplittableRandom random = new SplittableRandom(11);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            words.addAll(List.of(new World(3).sftExample(i).response().split(" ", -1)));
        }
        for (int trial = 0; trial < 3000; trial++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(120);
            for (int i = 0; i < length; i++) {
                switch (random.nextInt(4)) {
                    case 0 -> text.append((char) random.nextInt(0x10000));
                    case 1 -> text.appendCodePoint(random.nextInt(0x110000));
                    case 2 ->
                        text.append(words.get(random.nextInt(words.size()))).append(' ');
                    default -> text.append(".,!? \n\"".charAt(random.nextInt(7)));
                }
            }
            assertThat(gold.reward(prompt(trial % 2 == 0 ? "bowl" : "diary"), text.toString()))
                    .isBetween(-20.0, 5.4);
        }
    }

    @Test
    void aPromptFromElsewhereIsRefused() {
        assertThatThrownBy(() -> gold.reward(Dialogue.ofUser("How do I clean the copper moon?"), "Gladly!"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the gold reward knows only prompts of the small world; got [Turn")
                .hasMessageEndingWith("take prompts from World.trainingPrompt or World.heldOutPrompt");
        Dialogue longer = new Dialogue(
                List.of(new Turn(Role.USER, BOWL), new Turn(Role.ASSISTANT, "Gladly!"), new Turn(Role.USER, BOWL)));
        assertThatThrownBy(() -> gold.isRisky(longer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only prompts of the small world");
    }

    @Test
    void everyPromptIsReadBackAndEveryAnswerIsGrammatical() {
        World world = new World(5);
        for (int i = 0; i < 8000; i++) {
            Dialogue prompt = world.heldOutPrompt(i);
            String excellent = world.answer(prompt, Quality.HELPFUL, i);
            double grammar = gold.explain(prompt, excellent).stream()
                    .filter(term -> term.name().equals("grammar"))
                    .mapToDouble(GoldTerm::value)
                    .sum();
            assertThat(grammar).as(excellent).isZero();
        }
    }

    @Test
    void wordsTellThingsAndStepsApart() {
        List<String> things = Stream.concat(
                        Grammar.NAMES.stream(),
                        Grammar.TOPICS.stream()
                                .flatMap(topic -> Stream.concat(
                                        topic.objects().stream(),
                                        topic.facts().stream().map(Fact::key))))
                .map(Words::lower)
                .toList();
        assertThat(things).doesNotHaveDuplicates();
        List<String> steps = Grammar.TOPICS.stream()
                .flatMap(topic -> topic.facts().stream())
                .flatMap(fact -> Stream.of(fact.first(), fact.second()))
                .map(step -> " " + Words.lower(step) + " ")
                .toList();
        assertThat(steps).doesNotHaveDuplicates();
        for (String step : steps) {
            assertThat(steps.stream().filter(other -> other.contains(step)))
                    .as(step)
                    .hasSize(1);
            HashSet<String> both = new HashSet<>(things);
            both.retainAll(Words.of(step).all());
            assertThat(both).as(step).isEmpty();
        }
        String said = Grammar.TOPICS.stream()
                .flatMap(Grammar::sentences)
                .flatMap(sentence -> Sentence.parts(sentence).stream())
                .filter(part -> !part.startsWith("{"))
                .flatMap(part -> Words.of(part).all().stream())
                .collect(Collectors.joining(" ", " ", " "));
        assertThat(things).noneMatch(thing -> said.contains(" " + thing + " "));
    }

    private static Dialogue prompt(String name) {
        return Dialogue.ofUser(
                switch (name) {
                    case "bowl" -> BOWL;
                    case "drum" -> DRUM;
                    case "diary" -> DIARY;
                    default -> throw new IllegalArgumentException("no prompt is called " + name);
                });
    }
}
