package org.hone.data.audit;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.EncodedExample;
import org.hone.data.tokenizer.Tokenizer;

/**
 * Rules on a row beside the dialogue that it was made of: besides {@link TokenRules}, that control tokens stand where the
 * dialogue asks for them and nowhere else.
 */
public final class RowAudit {
    private final Tokenizer tokenizer;
    private final ChatTemplate template;
    private final TokenRules rules;

    /**
     * An audit of rows.
     *
     * @param tokenizer the tokenizer that the rows were made with
     * @param template the template that the rows were made with
     * @param maxLength the most ids of a row
     */
    public RowAudit(Tokenizer tokenizer, ChatTemplate template, int maxLength) {
        this.tokenizer = tokenizer;
        this.template = template;
        this.rules = new TokenRules(tokenizer, maxLength);
    }

    /**
     * Checks a row as the encoder made it.
     *
     * @param row the row
     * @param prompt the dialogue that it was made of
     * @param response the response's text
     * @return the rules that it breaks
     */
    public Set<Rule> check(EncodedExample row, Dialogue prompt, String response) {
        boolean whole = row.droppedResponseTokens() == 0;
        EnumSet<Rule> broken = EnumSet.noneOf(Rule.class);
        broken.addAll(rules.check(
                row.ids(),
                row.lossMask(),
                row.prompt().length,
                whole ? TokenRules.Ending.WHOLE : TokenRules.Ending.CUT));
        checkPrompt(row.prompt(), row.droppedPromptTokens() > 0, prompt, broken);
        if (!isOrdinary(response)) {
            broken.add(Rule.CONTROL_FROM_TEXT);
        }
        if (whole && !broken.contains(Rule.OUTSIDE_VOCABULARY) && !returns(row.response(), response)) {
            broken.add(Rule.NOT_ROUND_TRIP);
        }
        return broken;
    }

    /**
     * Checks the ids of a prompt that waits for a response.
     *
     * @param ids the ids
     * @param cut whether the oldest of them were left out
     * @param prompt the dialogue that they were made of
     * @return the rules that they break
     */
    public Set<Rule> checkPrompt(int[] ids, boolean cut, Dialogue prompt) {
        EnumSet<Rule> broken = EnumSet.noneOf(Rule.class);
        broken.addAll(rules.checkPrompt(ids));
        checkPrompt(ids, cut, prompt, broken);
        return broken;
    }

    private void checkPrompt(int[] ids, boolean cut, Dialogue prompt, Set<Rule> broken) {
        for (Turn turn : prompt.turns()) {
            if (!isOrdinary(turn.text())) {
                broken.add(Rule.CONTROL_FROM_TEXT);
                return; // where answers end cannot be told any more
            }
        }
        if (!endsOfAnswersAreRight(ids, cut, prompt)) {
            broken.add(Rule.EOS_IN_PROMPT);
        }
    }

    /** From the newest turn back, since a long prompt has lost its oldest: before every EOS stands its answer. */
    private boolean endsOfAnswersAreRight(int[] ids, boolean cut, Dialogue prompt) {
        List<Turn> turns = prompt.turns();
        int end = ids.length;
        for (int t = turns.size() - 1; t >= 0; t--) {
            if (turns.get(t).role() != Role.ASSISTANT) {
                continue;
            }
            int eos = lastEos(ids, end);
            if (eos < 0) {
                return cut;
            }
            int[] answer = tokenizer.encode(template.neutralised(turns.get(t).text()));
            int there = Math.min(answer.length, eos - 1);
            if (there < answer.length && !cut) {
                return false;
            }
            if (!Arrays.equals(ids, eos - there, eos, answer, answer.length - there, answer.length)) {
                return false;
            }
            end = eos - there;
        }
        return lastEos(ids, end) < 0;
    }

    private int lastEos(int[] ids, int end) {
        for (int i = end - 1; i > 0; i--) {
            if (ids[i] == tokenizer.eosId()) {
                return i;
            }
        }
        return -1;
    }

    /** A tokenizer refuses text that becomes a control token; one that does not refuse is found by its ids. */
    private boolean isOrdinary(String text) {
        try {
            return Arrays.stream(tokenizer.encode(text)).noneMatch(tokenizer::isControl);
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** A lone surrogate is no character; every tokenizer reads it as U+FFFD. */
    private boolean returns(int[] ids, String text) {
        String wellFormed = new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_16BE), java.nio.charset.StandardCharsets.UTF_16BE);
        return tokenizer.decode(ids).equals(wellFormed);
    }
}
