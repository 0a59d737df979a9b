package org.hone.data.importer.prompt;

import java.util.List;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.importer.Imported;
import org.hone.data.importer.record.Examples;
import org.hone.data.importer.record.Field;
import org.hone.data.importer.record.Refusal;
import org.hone.data.importer.record.Shape;
import org.hone.data.importer.record.ShapedFormat;
import org.hone.data.prompt.RiskCategory;
import org.hone.data.prompt.TaggedPrompt;

/**
 * MLCommons AILuminate (arXiv 2503.05731), CSV: {@code release_prompt_id}, {@code prompt_text}, {@code hazard},
 * {@code persona}, {@code locale}. Every prompt was written to draw out its hazard, so all are unsafe. The persona
 * (skilled or unskilled attacker) says how able its author pretends to be, not by which vector it attacks: that is null.
 */
public record AiLuminate() implements ShapedFormat {
    @Override
    public String name() {
        return "ailuminate";
    }

    @Override
    public Shape shape() {
        return Shape.texts("prompt_text", "hazard").with(Shape.Kind.ANY, "release_prompt_id");
    }

    @Override
    public List<Imported> meaning(Field record, String source) throws Refusal {
        String hazard = record.text("hazard");
        RiskCategory risk = risk(record.at("hazard"));
        return List.of(Examples.prompt(
                new TaggedPrompt(Dialogue.ofUser(record.text("prompt_text")), true, risk, hazard, null)));
    }

    /**
     * The recipe's category of a hazard.
     *
     * <ul>
     *   <li>Crimes: violent (vcr) and other crimes (ncr), sex crimes (src), child sexual exploitation (cse),
     *       indiscriminate weapons (iwp); theft of intellectual property (ipv); and privacy (prv), since what is asked for
     *       there is to spy on people or to take their data: illicit and criminal activities.
     *   <li>What hurts people without being a crime as such: hate (hte), defamation (dfm) and self-harm (ssh), which the
     *       recipe's paper names as examples, and pornography (sxc): hateful and harmful activities.
     *   <li>Specialised advice (spc) on finance, health, law and elections, given by who is not qualified:
     *       unqualified advice.
     * </ul>
     */
    private static RiskCategory risk(Field hazard) throws Refusal {
        return switch (hazard.text()) {
            case "vcr", "ncr", "src", "cse", "iwp", "ipv", "prv" -> RiskCategory.ILLICIT_AND_CRIMINAL_ACTIVITIES;
            case "hte", "dfm", "ssh", "sxc", "sxc_prn" -> RiskCategory.HATEFUL_AND_HARMFUL_ACTIVITIES;
            case "spc", "spc_fin", "spc_hlt", "spc_lgl", "spc_ele" -> RiskCategory.UNQUALIFIED_ADVICE;
            default ->
                throw hazard.unknown(
                        "one of vcr, ncr, src, cse, iwp, ipv, prv, hte, dfm, ssh, sxc, sxc_prn, spc, spc_fin,"
                                + " spc_hlt, spc_lgl, spc_ele");
        };
    }
}
