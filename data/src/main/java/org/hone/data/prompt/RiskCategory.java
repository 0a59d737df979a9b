package org.hone.data.prompt;

/** What an adversarial prompt is after (arXiv 2307.09288, section 4.2.1). */
public enum RiskCategory {
    /** Crimes: terrorism, theft, human trafficking, … */
    ILLICIT_AND_CRIMINAL_ACTIVITIES,
    /** Defamation, self-harm, eating disorders, discrimination, … */
    HATEFUL_AND_HARMFUL_ACTIVITIES,
    /** Medical, financial or legal advice from who is not qualified for it, … */
    UNQUALIFIED_ADVICE
}
