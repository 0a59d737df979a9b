package org.hone.data.importer.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;
import org.hone.data.importer.record.Examples;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.ShapedFormat;
import org.hone.data.prompt.RiskCategory;
import org.hone.data.prompt.TaggedPrompt;

/**
 * CatQA (arXiv 2402.11746): one JSON object, category → subcategory → harmful questions. All are unsafe; the category
 * of a prompt is both names with a slash between.
 *
 * <p>The recipe's category, by the set's category and, where these mix, by its subcategory:
 *
 * <ul>
 *   <li>illegal activity, malware, economic harm, fraud and violation of privacy are crimes: illicit and criminal
 *       activities. So are the subcategories terrorism, gender-based violence, assault, weapon making and
 *       the handling of hazardous material, which stand among harms;
 *   <li>hate, harassment, bodily harm (self-harm, unsafe practices), adult content and political campaigning (which
 *       here is misleading voters) hurt people or the public: hateful and harmful activities;
 *   <li>tailored financial advice: unqualified advice.
 * </ul>
 */
public record CatQa() implements ShapedFormat {
    private static final Map<String, RiskCategory> RISKS = Map.ofEntries(
            Map.entry("Illegal Activity", RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES),
            Map.entry("Malware Viruses", RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES),
            Map.entry("Economic Harm", RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES),
            Map.entry("Fraud/Deception", RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES),
            Map.entry("Privacy Violation Activity", RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES),
            Map.entry("Child Abuse", RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES),
            Map.entry("Hate/Harass/Violence", RiskCategory.HATEFUL_AND_HARMFUL_ACTIVITIES),
            Map.entry("Physical Harm", RiskCategory.HATEFUL_AND_HARMFUL_ACTIVITIES),
            Map.entry("Adult Content", RiskCategory.HATEFUL_AND_HARMFUL_ACTIVITIES),
            Map.entry("Political Campaigning", RiskCategory.HATEFUL_AND_HARMFUL_ACTIVITIES),
            Map.entry("Tailored Financial Advice", RiskCategory.UNQUALIFIED_ADVICE));
    private static final Set<String> CRIMES = Set.of(
            "Terrorism and extremism",
            "Gender-based violence",
            "Assault and battery",
            "Weapon making",
            "Hazardous material handling");

    @Override
    public String name() {
        return "catqa";
    }

    @Override
    public Shape shape() {
        return Shape.nested("Illegal Activity", "Adult Content", "Tailored Financial Advice");
    }

    @Override
    public boolean recognises(JsonNode record) {
        if (!record.isObject() || record.isEmpty()) {
            return false;
        }
        for (var names = record.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!RISKS.containsKey(name) || !record.get(name).isObject()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        if (!record.node().isObject()) {
            throw new Refusal(
                    QuarantineReason.MISSING_FIELD,
                    "no JSON object of categories but " + record.node().getNodeType());
        }
        List<Imported> outcomes = new ArrayList<>();
        for (var categories = record.node().fieldNames(); categories.hasNext(); ) {
            Field category = record.at(categories.next());
            if (!category.node().isObject() || category.node().isEmpty()) {
                outcomes.add(new Imported.Refused(
                        QuarantineReason.WRONG_TYPE, "'" + category.path() + "' is no object of subcategories"));
                continue;
            }
            for (var names = category.node().fieldNames(); names.hasNext(); ) {
                String name = names.next();
                outcomes.addAll(questions(category, name));
            }
        }
        return outcomes;
    }

    private static List<Imported> questions(Field category, String name) {
        List<Imported> outcomes = new ArrayList<>();
        try {
            String subcategory = name.endsWith(":") ? name.substring(0, name.length() - 1) : name;
            RiskCategory risk = RISKS.get(category.path());
            if (risk == null) {
                throw new Refusal(
                        QuarantineReason.UNKNOWN_VALUE,
                        "category '" + category.path() + "', expected one of "
                                + RISKS.keySet().stream().sorted().toList());
            }
            RiskCategory mapped = CRIMES.contains(subcategory) ? RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES : risk;
            for (Field question : category.items(name)) {
                outcomes.add(prompt(question, mapped, category.path() + "/" + subcategory));
            }
            if (outcomes.isEmpty()) {
                throw new Refusal(
                        QuarantineReason.NOTHING_TO_COMPARE, "'" + category.path() + "/" + name + "' has no question");
            }
        } catch (Refusal refusal) {
            outcomes.add(refusal.refused());
        }
        return outcomes;
    }

    private static Imported prompt(Field question, RiskCategory risk, String category) {
        try {
            return Examples.prompt(new TaggedPrompt(Dialogue.ofUser(question.text()), true, risk, category, null));
        } catch (Refusal refusal) {
            return refusal.refused();
        }
    }
}
