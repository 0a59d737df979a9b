package org.hone.data.curation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hone.data.preference.SafetyBin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RowRulesTest {
    private static final RowRules RULES = new RowRules(
            true,
            true,
            true,
            new TextLimits(
                    new TextLimits.Range(2, 40),
                    new TextLimits.Range(0, 60),
                    new TextLimits.Range(5, Integer.MAX_VALUE),
                    3),
            LanguageRule.ANY);
    private static final RowRules NONE = new RowRules(false, false, false, TextLimits.NONE, LanguageRule.ANY);

    private static RowContent pair(String prompt, String chosen, String rejected, @Nullable SafetyBin bin) {
        return new RowContent(
                List.of(
                        new Passage(Passage.Kind.USER, prompt),
                        new Passage(Passage.Kind.CHOSEN, chosen),
                        new Passage(Passage.Kind.REJECTED, rejected)),
                bin,
                null);
    }

    private static void finds(RowContent row, RemovalRule rule, String detail) {
        assertThat(RULES.check(row, SiteList.NONE)).contains(new Finding(rule, detail));
        assertThat(NONE.check(row, SiteList.NONE)).isEmpty();
    }

    @Test
    void theFirstBrokenRuleIsNamed() {
        SafetyBin unsafe = SafetyBin.CHOSEN_UNSAFE_OTHER_SAFE;
        finds(pair("", "a", "A ", unsafe), RemovalRule.UNSAFE_CHOSEN, "CHOSEN_UNSAFE_OTHER_SAFE");
        finds(
                pair(" ", "One  two", "one\ttwo ", SafetyBin.BOTH_SAFE),
                RemovalRule.IDENTICAL_RESPONSES,
                "chosen and rejected read the same");
        finds(pair(" \n", "yes", "no", null), RemovalRule.EMPTY_TEXT, "the last user turn is empty");
        finds(pair("why?", "yes", "\t", null), RemovalRule.EMPTY_TEXT, "rejected is empty");
        finds(pair("?", "yes", "no", null), RemovalRule.PROMPT_LENGTH, "1 characters, fewer than 2");
        finds(pair("why?", "x".repeat(61), "no", null), RemovalRule.RESPONSE_LENGTH, "61 characters, more than 60");
        assertThat(RULES.check(pair("why?", "a+b", "a-b", SafetyBin.BOTH_UNSAFE), SiteList.NONE))
                .isEmpty();
    }

    @Test
    void turnsAndDocumentsHaveBounds() {
        Passage turn = new Passage(Passage.Kind.USER, "so?");
        finds(new RowContent(List.of(turn, turn, turn, turn), null, null), RemovalRule.TURNS, "4 turns, more than 3");
        finds(
                new RowContent(List.of(new Passage(Passage.Kind.DOCUMENT, "abc")), null, null),
                RemovalRule.DOCUMENT_LENGTH,
                "3 characters, fewer than 5");
    }

    @Test
    void sitesAreMatchedWithEverythingBelowThem() {
        SiteList sites = SiteList.of(Stream.of("# people", "Example.org", " *.bad.example  # all", "", "bücher.de"));
        assertThat(sites.match("https://www.example.org:8080/a?b=http://good.net"))
                .contains("example.org");
        assertThat(sites.match("http://user@EXAMPLE.org.#x")).contains("example.org");
        assertThat(sites.match("a.b.bad.example/path")).contains("bad.example");
        assertThat(sites.match("https://xn--bcher-kva.de")).contains("xn--bcher-kva.de");
        assertThat(sites.match("https://notexample.org")).isEmpty();
        assertThat(sites.match("https://good.net/example.org")).isEmpty();
        assertThat(sites.match("")).isEmpty();
        RowContent document = new RowContent(
                List.of(new Passage(Passage.Kind.DOCUMENT, "long enough")), null, "https://example.org/x");
        assertThat(NONE.check(document, sites)).contains(new Finding(RemovalRule.EXCLUDED_SITE, "example.org"));
    }

    @Test
    void languagesAreToldApartWhenThereIsEnoughText() {
        RowRules english = new RowRules(false, false, false, TextLimits.NONE, new LanguageRule(List.of("eng"), 40));
        String german = "Das ist ein ganz gewöhnlicher Satz, der auf Deutsch geschrieben wurde und lang genug ist.";
        String plain = "This is a perfectly ordinary sentence that was written in English and is long enough to tell.";
        assertThat(english.check(pair(german, german, german, null), SiteList.NONE))
                .contains(new Finding(RemovalRule.LANGUAGE, "deu"));
        assertThat(english.check(pair(plain, plain, plain, null), SiteList.NONE))
                .isEmpty();
        assertThat(english.check(pair("Guten Tag", "ja", "nein", null), SiteList.NONE))
                .isEmpty();
        assertThatThrownBy(() -> new LanguageRule(List.of("en"), 0))
                .hasMessageStartingWith("languages [en] are not known; allowed are ISO 639-3 codes: afr, ");
    }

    @Test
    void contradictionsShareANameAndOthersDoNot() {
        RowContent one = pair("Why?", "yes", "no", null);
        RowContent swapped = pair("why?", "No", "yes", null);
        assertThat(one.eitherWay()).isEqualTo(swapped.eitherWay());
        assertThat(one.exact())
                .isNotEqualTo(swapped.exact())
                .isEqualTo(pair("why? ", "YES", "no", null).exact());
        assertThat(pair("a", "b c", "d", null).eitherWay())
                .isNotEqualTo(pair("a b", "c", "d", null).eitherWay());
        assertThat(one.conversation()).isEqualTo(swapped.conversation()).isPresent();
    }

    @Test
    void nGramsOverlapAsTuplesOfStringsDo() {
        int overlaps = 0;
        for (JsonNode pair : CurationReference.read("overlaps")) {
            int length = pair.get("length").intValue();
            Set<Long> one = hashes(pair.get("one").textValue(), length);
            one.retainAll(hashes(pair.get("other").textValue(), length));
            assertThat(!one.isEmpty())
                    .as(pair.toString())
                    .isEqualTo(pair.get("overlap").booleanValue());
            overlaps += one.isEmpty() ? 0 : 1;
        }
        assertThat(overlaps).isBetween(20, 70);
    }

    @Test
    void nGramsCanBeShown() {
        NGrams nGrams = new NGrams(3, 1);
        StringBuilder shown = new StringBuilder();
        nGrams.each(
                "One, two - THREE; four.",
                (hash, last) -> shown.append('[').append(nGrams.text(last)).append(']'));
        assertThat(shown).hasToString("[One, two - THREE][two - THREE; four]");
    }

    private static Set<Long> hashes(String text, int length) {
        Set<Long> hashes = new HashSet<>();
        new NGrams(length, 2).each(text, (hash, last) -> hashes.add(hash));
        return hashes;
    }

    @Test
    void proportionsAreThoseOfExactFractions() {
        for (JsonNode mixture : CurationReference.read("proportions")) {
            Proportion available = new Proportion(
                    mixture.get("first").longValue(), mixture.get("second").longValue());
            double share = mixture.get("share").doubleValue();
            Proportion drawn = Proportion.of(available, share, Proportion.Shortage.SHRINK);
            assertThat(drawn)
                    .isEqualTo(new Proportion(
                            mixture.get("drawn").get(0).longValue(),
                            mixture.get("drawn").get(1).longValue()));
            Proportion whole = Proportion.of(available, share, Proportion.Shortage.KEEP);
            assertThat(whole.first()).isEqualTo(available.first());
            assertThat(whole.second()).isGreaterThanOrEqualTo(drawn.second());
        }
        assertThatThrownBy(() -> Proportion.of(new Proportion(1, 1), 1, Proportion.Shortage.SHRINK))
                .hasMessage("share of a mixture's second side: got 1.0, expected above 0 and below 1");
    }
}
