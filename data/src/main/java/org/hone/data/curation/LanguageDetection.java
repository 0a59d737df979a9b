package org.hone.data.curation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/** Apache OpenNLP's language detector with the model that the project publishes, read once a process. */
final class LanguageDetection {
    private static final String MODEL = "/langdetect-183.bin";

    private LanguageDetection() {}

    /** Read when first asked for: it takes a second and 30 MB. */
    private static final class Loaded {
        private static final LanguageDetectorModel MODEL_OF_PROCESS = load();
        private static final ThreadLocal<LanguageDetectorME> DETECTOR =
                ThreadLocal.withInitial(() -> new LanguageDetectorME(MODEL_OF_PROCESS));
        private static final Set<String> LANGUAGES = Collections.unmodifiableSet(
                new TreeSet<>(Arrays.asList(DETECTOR.get().getSupportedLanguages())));
    }

    /** The likeliest language of a text. */
    static String of(CharSequence text) {
        return Loaded.DETECTOR.get().predictLanguage(text).getLang();
    }

    /** All that the model tells apart, as ISO 639-3 codes. */
    static Set<String> languages() {
        return Loaded.LANGUAGES;
    }

    private static LanguageDetectorModel load() {
        try (InputStream model = LanguageDetection.class.getResourceAsStream(MODEL)) {
            if (model == null) {
                throw new IllegalStateException(
                        MODEL + " is not on the class path; it comes with the artefact " + "opennlp-models-langdetect");
            }
            return new LanguageDetectorModel(model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
