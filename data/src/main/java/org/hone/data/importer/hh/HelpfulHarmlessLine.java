package org.hone.data.importer.hh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.hh.ImportedLine.Pair;
import org.hone.data.importer.hh.ImportedLine.Quarantined;
import org.hone.data.preference.PreferencePair;

/**
 * A line of HH-RLHF (arXiv 2204.05862): {@code {"chosen": transcript, "rejected": transcript}}, two transcripts that
 * are equal up to their last turn.
 *
 * <p>Nothing is repaired. A transcript in which a model wrote a mark of its own ({@code \n\nAssistant:} within an
 * answer) cannot be told from one with a missing turn, so it goes to quarantine rather than being guessed at. Rating,
 * safety bin, week and annotator are null: these files do not have them. Other fields of the object are ignored.
 */
final class HelpfulHarmlessLine {
    /** How much of a line is kept in quarantine, in characters. */
    static final int LONGEST_RAW = 4096;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private HelpfulHarmlessLine() {}

    static ImportedLine parse(byte[] line, String source) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException e) {
            return quarantined(
                    QuarantineReason.INVALID_UNICODE,
                    "the bytes are not UTF-8: " + e.getMessage(),
                    new String(line, StandardCharsets.UTF_8));
        }
        return parse(text, source);
    }

    static ImportedLine parse(String line, String source) {
        JsonNode object;
        try {
            object = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            return quarantined(QuarantineReason.MALFORMED_JSON, e.getOriginalMessage(), line);
        }
        if (object.isMissingNode()) {
            return quarantined(QuarantineReason.MALFORMED_JSON, "the line is empty", line);
        }
        for (String field : List.of("chosen", "rejected")) {
            if (!object.has(field)) {
                String found = object.isObject() ? "the object has no field '" + field + "'" : "no JSON object";
                return quarantined(QuarantineReason.MISSING_FIELD, found, line);
            }
            JsonNode value = object.path(field);
            if (!value.isTextual()) {
                return quarantined(
                        QuarantineReason.WRONG_TYPE,
                        "'" + field + "' is " + value.getNodeType() + ", expected STRING",
                        line);
            }
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.textValue())) {
                return quarantined(
                        QuarantineReason.INVALID_UNICODE, "'" + field + "' has half of a surrogate pair", line);
            }
        }
        return compare(
                object.path("chosen").textValue(), object.path("rejected").textValue(), line, source);
    }

    private static ImportedLine compare(String chosenText, String rejectedText, String line, String source) {
        Transcript chosen = Transcript.of(chosenText);
        Transcript rejected = Transcript.of(rejectedText);
        if (chosen.turns().size() < 2) {
            return quarantined(QuarantineReason.NOT_A_DIALOGUE, "chosen " + chosen.start(), line);
        }
        if (rejected.turns().size() < 2) {
            return quarantined(QuarantineReason.NOT_A_DIALOGUE, "rejected " + rejected.start(), line);
        }
        if (!chosen.context().equals(rejected.context())) {
            return quarantined(QuarantineReason.DIFFERING_CONTEXTS, chosen.difference(rejected), line);
        }
        String disorder = chosen.disorder();
        disorder = disorder.isEmpty() ? rejected.disorder() : disorder;
        if (!disorder.isEmpty()) {
            return quarantined(QuarantineReason.NOT_A_DIALOGUE, disorder, line);
        }
        String chosenResponse = chosen.last().text();
        String rejectedResponse = rejected.last().text();
        if (chosenResponse.equals(rejectedResponse)) {
            return quarantined(
                    QuarantineReason.IDENTICAL_RESPONSES,
                    "both responses have the same " + chosenResponse.length() + " characters",
                    line);
        }
        if (chosenResponse.isBlank() || rejectedResponse.isBlank()) {
            return quarantined(
                    QuarantineReason.EMPTY_RESPONSE,
                    "the " + (chosenResponse.isBlank() ? "chosen" : "rejected") + " response is empty",
                    line);
        }
        List<Turn> context = chosen.context();
        for (int i = 0; i < context.size(); i++) {
            if (context.get(i).text().isBlank()) {
                return quarantined(
                        QuarantineReason.EMPTY_TURN,
                        "turn " + (i + 1) + " of " + context.size() + " ("
                                + (context.get(i).role() == Role.USER ? "Human" : "Assistant") + ") is empty",
                        line);
            }
        }
        Dialogue prompt = new Dialogue(context);
        return new Pair(new PreferencePair(
                PreferencePair.idOf(source, prompt, chosenResponse, rejectedResponse),
                prompt,
                chosenResponse,
                rejectedResponse,
                null,
                null,
                source,
                null,
                null));
    }

    private static Quarantined quarantined(QuarantineReason reason, String detail, String line) {
        if (line.length() <= LONGEST_RAW) {
            return new Quarantined(reason, detail, line);
        }
        int end = Character.isHighSurrogate(line.charAt(LONGEST_RAW - 1)) ? LONGEST_RAW - 1 : LONGEST_RAW;
        return new Quarantined(reason, detail, line.substring(0, end) + "… (" + line.length() + " characters in all)");
    }
}
