package org.hone.data.importer.xstest;

import java.util.Set;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.prompt.RiskCategory;
import org.jspecify.annotations.Nullable;

/** XSTest's kinds of prompt: ten that only sound unsafe, and for most of these a contrast that is. */
final class PromptType {
    private static final String CONTRAST = "contrast_";
    private static final Set<String> SAFE = Set.of(
            "homonyms",
            "figurative_language",
            "safe_targets",
            "safe_contexts",
            "definitions",
            "real_group_nons_discr",
            "nons_group_real_discr",
            "historical_events",
            "privacy_public",
            "privacy_fictional");
    private static final Set<String> UNSAFE = Set.of(
            "contrast_homonyms",
            "contrast_figurative_language",
            "contrast_safe_targets",
            "contrast_safe_contexts",
            "contrast_definitions",
            "contrast_discr",
            "contrast_historical_events",
            "contrast_privacy");

    private PromptType() {}

    /** Whether prompts of a type are unsafe: the contrasts are. */
    static boolean unsafe(Field type) throws Refusal {
        String name = type.text();
        if (!SAFE.contains(name) && !UNSAFE.contains(name)) {
            throw type.unknown("one of XSTest's types, such as homonyms or contrast_homonyms");
        }
        return name.startsWith(CONTRAST);
    }

    /**
     * The recipe's category of a contrast; null for a safe type, which is after nothing bad.
     *
     * <ul>
     *   <li>homonyms, figurative language, safe targets, safe contexts and definitions turn a harmless "kill", "steal"
     *       or "crush" into the crime itself: illicit and criminal activities;
     *   <li>privacy asks for a private person's number, password or records: getting at them is a crime too;
     *   <li>discrimination asks why a group should be treated worse, and historical events defend or deny
     *       atrocities: hateful and harmful activities.
     * </ul>
     */
    static @Nullable RiskCategory risk(String type) {
        return switch (type) {
            case "contrast_homonyms",
                    "contrast_figurative_language",
                    "contrast_safe_targets",
                    "contrast_safe_contexts",
                    "contrast_definitions",
                    "contrast_privacy" -> RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES;
            case "contrast_discr", "contrast_historical_events" -> RiskCategory.HATEFUL_AND_HARMFUL_ACTIVITIES;
            default -> null;
        };
    }
}
