package org.hone.spark.recipe;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.hone.data.curation.Banding;
import org.hone.data.curation.LanguageRule;
import org.hone.data.curation.Proportion;
import org.hone.data.curation.TextLimits;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class CurationRecipeTest {
    private static CurationRecipe read(String yaml) {
        Problems problems = new Problems("recipe.yaml");
        var node = new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(yaml));
        Section section = new Section("curation", node, problems, new Variables(Map.of("d", "/d")), path -> path);
        CurationRecipe recipe = CurationRecipe.read(section);
        section.finish();
        problems.throwIfAny();
        return recipe;
    }

    @Test
    void defaultsAreThoseOfTheRecipe() {
        CurationRecipe recipe = read("{}");
        assertThat(recipe.rows().unsafeChosen()).isTrue();
        assertThat(recipe.rows().limits()).isEqualTo(TextLimits.NONE);
        assertThat(recipe.rows().languages().allowed()).isEmpty();
        assertThat(recipe.excludedSites()).isNull();
        assertThat(recipe.exactDuplicates()).isTrue();
        assertThat(recipe.contradictions()).isFalse();
        assertThat(recipe.nearDuplicates()).isEqualTo(new NearDuplicatesRecipe(true, false, 0.8, 3, 128, 0.99, 32));
        assertThat(recipe.nearDuplicates().banding()).isEqualTo(new Banding(16, 6));
        assertThat(recipe.decontamination()).isEqualTo(new DecontaminationRecipe(true, 13, 5));
        assertThat(recipe.heldOut()).isEqualTo(new HeldOutRecipe(0, 1_000, 0.5));
        assertThat(recipe.mixtures()).isEqualTo(new MixturesRecipe(true, 0.5, 0.1, Proportion.Shortage.SHRINK));
    }

    @Test
    void everyKeyIsRead() {
        CurationRecipe recipe = read("""
                excluded-sites: ${d}/hosts.txt
                languages: [eng, deu]
                response-characters: {least: 1, most: 9}
                most-turns: 5
                mixtures: {shortage: keep}
                """);
        assertThat(recipe.excludedSites()).isEqualTo("/d/hosts.txt");
        assertThat(recipe.rows().languages()).isEqualTo(new LanguageRule(List.of("eng", "deu"), 80));
        assertThat(recipe.rows().limits().response()).isEqualTo(new TextLimits.Range(1, 9));
        assertThat(recipe.rows().limits().mostTurns()).isEqualTo(5);
        assertThat(recipe.mixtures().shortage()).isEqualTo(Proportion.Shortage.KEEP);
    }

    @Test
    void wrongValuesAreNamedWithTheirRemedy() {
        assertThatThrownBy(() -> read("""
                        languages: [english]
                        document-characters: {least: 5, most: 4}
                        near-duplicates: {similarity: 0.3, recall: 0.9999, hashes: 16}
                        """))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("recipe.yaml:1: curation.languages: languages [english] are not known")
                .hasMessageContaining("recipe.yaml:2: curation.document-characters.most: got 4, less than least 5")
                .hasMessageContaining(
                        "recipe.yaml:3: curation.near-duplicates.hashes: similarity 0.3 with recall 0.9999 "
                                + "needs more than 16 min-hashes; raise hashes, or lower recall");
        assertThatThrownBy(() -> read("languages: eng"))
                .hasMessageContaining("curation.languages: got eng, expected a list of texts");
    }
}
