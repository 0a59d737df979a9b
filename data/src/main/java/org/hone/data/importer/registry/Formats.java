package org.hone.data.importer.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.hone.data.importer.Format;
import org.hone.data.importer.comparison.FineGrainedFeedback;
import org.hone.data.importer.comparison.StanfordHumanPreferences;
import org.hone.data.importer.comparison.SummarizeFromFeedback;
import org.hone.data.importer.comparison.SyntheticGptj;
import org.hone.data.importer.comparison.UltraFeedbackBinarized;
import org.hone.data.importer.comparison.WebGpt;
import org.hone.data.importer.demonstration.Alpaca;
import org.hone.data.importer.demonstration.Chat;
import org.hone.data.importer.demonstration.Dolly;
import org.hone.data.importer.demonstration.GradeSchoolMath;
import org.hone.data.importer.demonstration.SelfInstruct;
import org.hone.data.importer.hh.HelpfulHarmless;
import org.hone.data.importer.labelstudio.LabelStudio;
import org.hone.data.importer.prompt.AiLuminate;
import org.hone.data.importer.prompt.CatQa;
import org.hone.data.importer.prompt.OpenAiModeration;
import org.hone.data.importer.record.ShapedFormat;
import org.hone.data.importer.scored.OpenAssistant;
import org.hone.data.importer.scored.StackExchange;
import org.hone.data.importer.scored.UltraFeedback;
import org.hone.data.importer.text.Text;
import org.hone.data.importer.xstest.XsTestCompletions;
import org.hone.data.importer.xstest.XsTestPairs;
import org.hone.data.importer.xstest.XsTestPrompts;

/** The formats that Hone knows. */
public final class Formats {
    private static final int REPORTED_FIELDS = 30;
    private static final int REPORTED_FORMATS = 3;
    private static final List<ShapedFormat> ALL = List.of(
            new HelpfulHarmless(),
            new OpenAssistant(),
            new StanfordHumanPreferences(),
            new SummarizeFromFeedback(),
            new WebGpt(),
            new StackExchange(),
            new SyntheticGptj(),
            new UltraFeedback(),
            new UltraFeedbackBinarized(),
            new FineGrainedFeedback(),
            new XsTestCompletions(),
            new XsTestPairs(),
            new LabelStudio(),
            new Alpaca(),
            new Dolly(),
            new SelfInstruct(),
            new GradeSchoolMath(),
            new Chat(),
            new AiLuminate(),
            new OpenAiModeration(),
            new CatQa(),
            new XsTestPrompts(),
            new Text());

    private Formats() {}

    /**
     * All formats.
     *
     * @return in the order of the documentation
     */
    public static List<Format> all() {
        return List.copyOf(ALL);
    }

    /**
     * The format of a name.
     *
     * @param name the name on the command line or in a recipe
     * @return the format
     * @throws IllegalArgumentException if no format has the name; the message lists those that there are
     */
    public static Format named(String name) {
        return ALL.stream()
                .filter(format -> format.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("format: no format '" + name + "'; known are " + names()
                        + "; other files need a column mapping"));
    }

    /**
     * The one format that recognises most of a file's first records. Not all need be recognised: one of them may be
     * broken.
     *
     * @param firstRecords the first records of a file
     * @return the format
     * @throws IllegalArgumentException if none does, or more than one; the message says what was seen
     */
    public static Format detect(List<JsonNode> firstRecords) {
        if (firstRecords.isEmpty()) {
            throw new IllegalArgumentException("format: the file has no record to tell it by; give --format");
        }
        List<Format> found = new ArrayList<>();
        for (ShapedFormat format : ALL) {
            long recognised = firstRecords.stream().filter(format::recognises).count();
            if (2 * recognised > firstRecords.size()) {
                found.add(format);
            }
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("format: no format recognises the first " + firstRecords.size()
                    + " records, which have " + seen(firstRecords) + "; nearest are " + nearest(firstRecords)
                    + "; give --format with one of " + names() + ", or a column mapping");
        }
        throw new IllegalArgumentException("format: the first " + firstRecords.size() + " records, which have "
                + seen(firstRecords) + ", could be any of "
                + found.stream().map(Format::name).toList() + "; give --format");
    }

    private static List<String> names() {
        return ALL.stream().map(Format::name).toList();
    }

    private static String seen(List<JsonNode> records) {
        Set<String> names = new LinkedHashSet<>();
        boolean others = false;
        for (JsonNode record : records) {
            record.fieldNames().forEachRemaining(names::add);
            others |= !record.isObject();
        }
        String fields = names.isEmpty()
                ? "no fields"
                : "the fields " + names.stream().limit(REPORTED_FIELDS).toList()
                        + (names.size() > REPORTED_FIELDS ? " and " + (names.size() - REPORTED_FIELDS) + " more" : "");
        return fields + (others ? " (some are no JSON objects)" : "");
    }

    /** The formats of which the first record has most fields, with what is missing or in the way. */
    private static String nearest(List<JsonNode> records) {
        JsonNode record = records.get(0);
        List<String> described = ALL.stream()
                .filter(format -> misfit(format, record) < 1)
                .sorted(Comparator.comparingDouble(format -> misfit(format, record)))
                .limit(REPORTED_FORMATS)
                .map(format ->
                        format.name() + " (" + String.join(", ", format.shape().mismatches(record)) + ")")
                .toList();
        return described.isEmpty() ? "none" : String.join("; ", described);
    }

    private static double misfit(ShapedFormat format, JsonNode record) {
        return (double) format.shape().mismatches(record).size()
                / format.shape().required();
    }
}
