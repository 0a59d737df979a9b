package org.hone.data.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.hone.data.audit.TokenRules.Ending;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.template.ChatTemplate;
import org.hone.data.template.EncodedExample;
import org.hone.data.template.ExampleEncoder;
import org.hone.data.tokenizer.Tokenizer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every rule is broken once by hand, and rows as the encoder makes them break none. */
final class RowAuditTest {
    private static final Path TOKENIZERS = Path.of("src/test/resources/tokenizer");
    private static final String HOSTILE = "</s><s>[INST]<unk><pad> <<SYS>> \n\nHuman: <|eot_id|>";
    private static final Dialogue DIALOGUE = new Dialogue(List.of(
            new Turn(Role.SYSTEM, "Be brief."),
            new Turn(Role.USER, "Who bakes?"),
            new Turn(Role.ASSISTANT, "The baker."),
            new Turn(Role.USER, "When?")));
    private static final int BOS = 1;
    private static final int EOS = 2;
    private static final int MAX_LENGTH = 512;

    private static Tokenizer tokenizer;
    private static ChatTemplate template;
    private static RowAudit audit;
    private static TokenRules rules;
    private static int[] prompt;
    private static int[] response;

    @BeforeAll
    static void open() throws IOException {
        tokenizer = Tokenizer.open(TOKENIZERS.resolve("sentencepiece"));
        template = ChatTemplate.named("llama2");
        audit = new RowAudit(tokenizer, template, MAX_LENGTH);
        rules = new TokenRules(tokenizer, MAX_LENGTH);
        prompt = template.prompt(tokenizer, DIALOGUE);
        response = template.response(tokenizer, "At night.");
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static Set<Rule> check(int[] changedPrompt, int[] changedResponse) {
        return audit.check(new EncodedExample(changedPrompt, changedResponse, 0, 0), DIALOGUE, "At night.");
    }

    private static int[] with(int[] ids, int at, int... inserted) {
        int[] changed = new int[ids.length + inserted.length];
        System.arraycopy(ids, 0, changed, 0, at);
        System.arraycopy(inserted, 0, changed, at, inserted.length);
        System.arraycopy(ids, at, changed, at + inserted.length, ids.length - at);
        return changed;
    }

    private static int[] without(int[] ids, int at) {
        int[] changed = Arrays.copyOf(ids, ids.length - 1);
        System.arraycopy(ids, at + 1, changed, at, changed.length - at);
        return changed;
    }

    private static int eosInPrompt() {
        for (int i = 0; i < prompt.length; i++) {
            if (prompt[i] == EOS) {
                return i;
            }
        }
        throw new IllegalStateException("the dialogue has an answer");
    }

    @Test
    void theRowItselfIsRight() {
        assertThat(check(prompt, response)).isEmpty();
        assertThat(audit.checkPrompt(prompt, false, DIALOGUE)).isEmpty();
    }

    @Test
    void bosIsFirstAndAlone() {
        assertThat(check(without(prompt, 0), response)).containsExactly(Rule.BOS_NOT_FIRST);
        assertThat(check(with(prompt, 0, BOS), response)).containsExactly(Rule.SECOND_BOS);
        assertThat(check(prompt, with(response, 1, BOS))).containsExactly(Rule.SECOND_BOS);
        assertThat(audit.checkPrompt(with(prompt, 3, BOS), false, DIALOGUE)).containsExactly(Rule.SECOND_BOS);
    }

    @Test
    void eosStandsWhereAnswersEnd() {
        int eos = eosInPrompt();
        assertThat(check(without(prompt, eos), response)).containsExactly(Rule.EOS_IN_PROMPT);
        assertThat(check(with(prompt, eos - 1, EOS), response)).containsExactly(Rule.EOS_IN_PROMPT);
        assertThat(check(with(prompt, 4, EOS), response)).containsExactly(Rule.EOS_IN_PROMPT);
        assertThat(check(with(prompt, prompt.length, EOS), response)).containsExactly(Rule.EOS_IN_PROMPT);
        assertThat(check(with(without(prompt, eos), eos - 1, EOS), response)).containsExactly(Rule.EOS_IN_PROMPT);
        assertThat(audit.checkPrompt(without(prompt, eos), false, DIALOGUE)).containsExactly(Rule.EOS_IN_PROMPT);
        // a prompt that lost its oldest ids may have lost the answer too, but not half of the mark behind it
        int[] cut = with(Arrays.copyOfRange(prompt, eos + 1, prompt.length), 0, BOS);
        assertThat(audit.checkPrompt(cut, true, DIALOGUE)).isEmpty();
        assertThat(audit.checkPrompt(cut, false, DIALOGUE)).containsExactly(Rule.EOS_IN_PROMPT);
        assertThat(audit.checkPrompt(with(cut, 2, EOS), true, DIALOGUE)).containsExactly(Rule.EOS_IN_PROMPT);
    }

    @Test
    void aResponseEndsWithEosUnlessItWasCut() {
        int last = response.length - 1;
        assertThat(check(prompt, without(response, last))).containsExactly(Rule.EOS_MISSING);
        assertThat(check(prompt, with(response, 1, EOS))).containsExactly(Rule.EOS_INSIDE_RESPONSE);
        assertThat(audit.check(new EncodedExample(prompt, response, 0, 3), DIALOGUE, "At night."))
                .containsExactly(Rule.EOS_AFTER_CUT);
        assertThat(audit.check(new EncodedExample(prompt, without(response, last), 0, 1), DIALOGUE, "At night."))
                .isEmpty();
        assertThat(audit.check(new EncodedExample(prompt, new int[] {EOS}, 0, 0), DIALOGUE, ""))
                .containsExactly(Rule.EMPTY_RESPONSE);
    }

    @Test
    void theMaskIsTheResponse() {
        int[] ids = new EncodedExample(prompt, response, 0, 0).ids();
        boolean[] mask = new EncodedExample(prompt, response, 0, 0).lossMask();
        assertThat(rules.check(ids, mask, prompt.length, Ending.WHOLE)).isEmpty();
        boolean[] nothing = new boolean[ids.length];
        assertThat(rules.check(ids, nothing, prompt.length, Ending.WHOLE))
                .containsExactly(Rule.NOTHING_TRAINED, Rule.EOS_MASKED);
        boolean[] noEnd = mask.clone();
        noEnd[ids.length - 1] = false;
        assertThat(rules.check(ids, noEnd, prompt.length, Ending.WHOLE)).containsExactly(Rule.EOS_MASKED);
        boolean[] early = mask.clone();
        early[prompt.length - 1] = true;
        assertThat(rules.check(ids, early, prompt.length, Ending.WHOLE)).containsExactly(Rule.PROMPT_TRAINED);
        assertThat(check(prompt, new int[0])).contains(Rule.NOTHING_TRAINED, Rule.EOS_MISSING);
    }

    @Test
    void idsAreTokensOfText() {
        assertThat(check(prompt, with(response, 1, tokenizer.unkId())))
                .containsExactly(Rule.UNKNOWN_TOKEN, Rule.NOT_ROUND_TRIP);
        assertThat(check(prompt, with(response, 1, tokenizer.vocabularySize())))
                .containsExactly(Rule.OUTSIDE_VOCABULARY);
        assertThat(check(prompt, with(response, 1, -1))).containsExactly(Rule.OUTSIDE_VOCABULARY);
        assertThat(check(prompt, with(response, 1, response[0]))).containsExactly(Rule.NOT_ROUND_TRIP);
        RowAudit shorter = new RowAudit(tokenizer, template, prompt.length + response.length - 1);
        assertThat(shorter.check(new EncodedExample(prompt, response, 0, 0), DIALOGUE, "At night."))
                .containsExactly(Rule.TOO_LONG);
    }

    @Test
    void paddingAndOtherControlTokensAreToldApart() {
        int padding = response[0];
        int other = response[1];
        Tokenizer controls = new FaultyTokenizer(tokenizer, padding, other);
        TokenRules faulty = new TokenRules(controls, MAX_LENGTH);
        assertThat(faulty.check(
                        new int[] {BOS, 9, padding, EOS}, new boolean[] {false, false, true, true}, 2, Ending.WHOLE))
                .containsExactly(Rule.PADDING_INSIDE);
        assertThat(faulty.check(
                        new int[] {BOS, 9, other, EOS}, new boolean[] {false, false, true, true}, 2, Ending.WHOLE))
                .containsExactly(Rule.OTHER_CONTROL);
    }

    @Test
    void textThatBecomesAControlTokenIsFound() {
        RowAudit faulty = new RowAudit(new FaultyTokenizer(tokenizer, -1, -1), template, MAX_LENGTH);
        Dialogue typed = new Dialogue(
                List.of(new Turn(Role.USER, "a </s> b"), new Turn(Role.ASSISTANT, "c"), new Turn(Role.USER, "d")));
        assertThat(faulty.check(encode(typed, "e"), typed, "e")).containsExactly(Rule.CONTROL_FROM_TEXT);
        assertThat(faulty.check(encode(DIALOGUE, "a </s> b"), DIALOGUE, "a </s> b"))
                .containsExactly(Rule.CONTROL_FROM_TEXT);
        assertThat(faulty.checkPrompt(template.prompt(tokenizer, typed), false, typed))
                .containsExactly(Rule.CONTROL_FROM_TEXT);
    }

    private static EncodedExample encode(Dialogue dialogue, String text) {
        return new ExampleEncoder(tokenizer, template, MAX_LENGTH).encode(dialogue, text);
    }

    @ParameterizedTest
    @CsvSource({"sentencepiece, llama2", "sentencepiece, plain", "llama2-style, plain", "llama3-style, llama2"})
    void rowsOfTheEncoderBreakNoRuleWhateverTheTextSays(String folder, String name) throws IOException {
        Random random = new Random(5);
        List<String> words =
                List.of("the ", "baker", HOSTILE, "\n", " \u00dcber", "\ud83d\ude80", "[/INST]", "\u0000", "");
        ChatTemplate chosen = ChatTemplate.named(name);
        try (Tokenizer opened = Tokenizer.open(TOKENIZERS.resolve(folder))) {
            for (int i = 0; i < 300; i++) {
                List<Turn> turns = new java.util.ArrayList<>();
                for (int exchange = random.nextInt(4); exchange > 0; exchange--) {
                    turns.add(new Turn(Role.USER, text(random, words)));
                    turns.add(new Turn(Role.ASSISTANT, text(random, words)));
                }
                turns.add(new Turn(Role.USER, text(random, words)));
                Dialogue dialogue = new Dialogue(turns);
                String answer = text(random, words);
                int maxLength = ExampleEncoder.SMALLEST_MAX_LENGTH + random.nextInt(700);
                ExampleEncoder encoder = new ExampleEncoder(opened, chosen, maxLength);
                RowAudit rowAudit = new RowAudit(opened, chosen, maxLength);
                Set<Rule> broken = rowAudit.check(encoder.encode(dialogue, answer), dialogue, answer);
                EnumSet<Rule> warnings = EnumSet.of(Rule.EMPTY_RESPONSE);
                assertThat(warnings).as(dialogue + " " + answer).containsAll(broken);
                int[] whole = chosen.prompt(opened, dialogue);
                int[] ids = encoder.encodePrompt(dialogue, 16);
                assertThat(rowAudit.checkPrompt(ids, ids.length < whole.length, dialogue))
                        .isEmpty();
            }
        }
    }

    private static String text(Random random, List<String> words) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(words.get(random.nextInt(words.size())));
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource({"sentencepiece", "llama3-style"})
    void spansSayWhatTheRowSays(String folder) throws IOException {
        String text = "The baker \ud83d\ude80 \u00dcber\n" + HOSTILE;
        try (Tokenizer opened = Tokenizer.open(TOKENIZERS.resolve(folder))) {
            ExampleEncoder encoder = new ExampleEncoder(opened, ChatTemplate.named("plain"), MAX_LENGTH);
            EncodedExample row = encoder.encode(Dialogue.ofUser(text), text);
            List<TokenSpan> spans = TokenSpan.of(opened, row.ids(), row.lossMask());
            StringBuilder learned = new StringBuilder();
            spans.stream()
                    .filter(span -> span.kind() == TokenSpan.Kind.TRAINED)
                    .forEach(span -> learned.append(span.text()));
            assertThat(learned.toString().strip()).isEqualTo(text);
            assertThat(spans.get(0).kind()).isEqualTo(TokenSpan.Kind.PROMPT_CONTROL);
            assertThat(spans.get(spans.size() - 1).kind()).isEqualTo(TokenSpan.Kind.TRAINED_CONTROL);
            assertThat(spans.stream().filter(span -> span.kind().isControl())).hasSize(2);
        }
    }

    /**
     * Reads an EOS in text as a control token, as a careless tokenizer does, and calls two pieces control tokens.
     *
     * @param real the tokenizer behind it
     * @param padding an id that it calls its padding
     * @param other an id that it calls a control token
     */
    private record FaultyTokenizer(Tokenizer real, int padding, int other) implements Tokenizer {
        @Override
        public int[] encode(String text) {
            int at = text.indexOf("</s>");
            if (at < 0) {
                return real.encode(text);
            }
            int[] before = real.encode(text.substring(0, at));
            return with(with(real.encode(text.substring(at + 4)), 0, EOS), 0, before);
        }

        @Override
        public String decode(int[] ids) {
            return real.decode(ids);
        }

        @Override
        public String piece(int id) {
            return id == padding ? "<pad>" : real.piece(id);
        }

        @Override
        public int vocabularySize() {
            return real.vocabularySize();
        }

        @Override
        public int bosId() {
            return real.bosId();
        }

        @Override
        public int eosId() {
            return real.eosId();
        }

        @Override
        public int unkId() {
            return real.unkId();
        }

        @Override
        public boolean isControl(int id) {
            return id == padding || id == other || real.isControl(id);
        }

        @Override
        public String sha256() {
            return real.sha256();
        }

        @Override
        public void close() {
            // the tokenizer behind it is closed by its owner
        }
    }
}
