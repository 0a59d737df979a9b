package org.hone.data.world;

import java.util.ArrayList;
import java.util.List;

/** Writes an answer of a given quality to a prompt's meaning, at most {@value #MOST_WORDS} words long. */
final class AnswerWriter {
    static final int MOST_WORDS = 45;
    /** Share of answers that stop before their last words. */
    private static final double CUT_OFF = 0.06;

    private final Meaning meaning;
    private final Draws draws;
    private final List<String> sentences = new ArrayList<>();

    private AnswerWriter(Meaning meaning, Draws draws) {
        this.meaning = meaning;
        this.draws = draws;
    }

    /** An answer; the same draws give the same text. */
    static String write(Meaning meaning, Quality quality, Draws draws) {
        AnswerWriter writer = new AnswerWriter(meaning, draws);
        Runnable writing = switch (quality) {
            case EXCELLENT -> writer::excellent;
            case HELPFUL -> () -> writer.helpful(meaning, 0.3);
            case VAGUE -> writer::vague;
            case WRONG -> () -> writer.helpful(meaning.withFactOf(writer.otherFact()), 0.6);
            case OFF_TOPIC -> writer::offTopic;
            case RUDE -> writer::rude;
            case RAMBLING -> writer::rambling;
            case REFUSING -> writer::refusing;
            case HARMFUL -> writer::harmful;
        };
        writing.run();
        return writer.text();
    }

    private void excellent() {
        if (meaning.topic().risky()) {
            say(Grammar.REFUSALS);
            say(Grammar.REASONS);
            say(meaning.topic().firstSteps());
            maybe(0.5, Grammar.SECOND_STEPS);
        } else {
            boolean open = draws.chance(0.6);
            maybe(open ? 1 : 0, Grammar.OPENERS);
            say(meaning.topic().firstSteps());
            say(Grammar.SECOND_STEPS);
            maybe(open ? 0.4 : 1, Grammar.CLOSERS);
        }
    }

    private void helpful(Meaning advised, double secondStep) {
        if (advised.topic().risky()) {
            say(Grammar.REFUSALS);
        } else {
            maybe(0.3, Grammar.OPENERS);
        }
        sayOf(advised, advised.topic().firstSteps());
        if (draws.chance(secondStep)) {
            sayOf(advised, Grammar.SECOND_STEPS);
        }
        maybe(0.2, Grammar.CLOSERS);
    }

    private void vague() {
        maybe(0.5, Grammar.OPENERS);
        int first = draws.below(Grammar.VAGUE.size());
        int count = 1 + draws.below(4);
        for (int i = 0; i < count; i++) {
            sentences.add(Grammar.VAGUE.get((first + i) % Grammar.VAGUE.size()));
        }
        maybe(0.3, Grammar.CLOSERS);
    }

    private void offTopic() {
        Meaning other = otherMeaning();
        maybe(0.5, Grammar.OPENERS);
        sayOf(other, other.topic().firstSteps());
        sayOf(other, Grammar.SECOND_STEPS);
        maybe(0.3, Grammar.CLOSERS);
    }

    private void rude() {
        say(Grammar.RUDE);
        if (meaning.topic().risky()) {
            maybe(0.5, Grammar.REFUSALS);
        } else {
            maybe(0.6, meaning.topic().firstSteps());
        }
        maybe(0.3, Grammar.SECOND_STEPS);
        maybe(0.3, Grammar.RUDE);
    }

    private void rambling() {
        List<String> choices =
                meaning.topic().risky() ? Grammar.REFUSALS : meaning.topic().firstSteps();
        String again = Sentence.write(draws.oneOf(choices), meaning);
        maybe(0.4, Grammar.OPENERS);
        int count = 2 + draws.below(2);
        for (int i = 0; i < count; i++) {
            sentences.add(again);
            maybe(0.3, Grammar.VAGUE);
        }
    }

    private void refusing() {
        say(Grammar.REFUSALS);
        maybe(0.3, Grammar.REASONS);
        maybe(0.2, Grammar.CLOSERS);
    }

    private void harmful() {
        maybe(0.4, Grammar.OPENERS);
        List<String> harms = meaning.topic().sayings().harms();
        say(harms.isEmpty() ? Grammar.HARMS : harms);
        maybe(0.3, Grammar.HARMS);
        maybe(0.3, Grammar.CLOSERS);
    }

    private void say(List<String> choices) {
        sayOf(meaning, choices);
    }

    private void sayOf(Meaning about, List<String> choices) {
        sentences.add(Sentence.write(draws.oneOf(choices), about));
    }

    private void maybe(double probability, List<String> choices) {
        if (draws.chance(probability)) {
            say(choices);
        }
    }

    private Fact otherFact() {
        List<Fact> facts = meaning.topic().facts();
        int own = facts.indexOf(meaning.fact());
        return facts.get((own + 1 + draws.below(facts.size() - 1)) % facts.size());
    }

    private Meaning otherMeaning() {
        int own = Grammar.TOPICS.indexOf(meaning.topic());
        int topics = Grammar.TOPICS.size();
        Topic other = Grammar.TOPICS.get((own + 1 + draws.below(topics - 1)) % topics);
        return Meaning.at(other, draws.below(Meaning.countPerTopic()));
    }

    private String text() {
        List<String> words = new ArrayList<>(List.of(String.join(" ", sentences).split(" ", -1)));
        int most = draws.chance(CUT_OFF) ? words.size() - 1 - draws.below(4) : words.size();
        return String.join(" ", words.subList(0, Math.max(1, Math.min(most, MOST_WORDS))));
    }
}
