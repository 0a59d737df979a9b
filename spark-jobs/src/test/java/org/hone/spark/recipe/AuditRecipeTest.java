package org.hone.spark.recipe;

import java.io.StringReader;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class AuditRecipeTest {
    private static AuditRecipe read(String yaml) {
        Problems problems = new Problems("audit.yaml");
        Section section = new Section(
                "audit",
                new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(yaml)),
                problems,
                new Variables(Map.of()),
                path -> path);
        AuditRecipe recipe = AuditRecipe.read(section);
        section.finish();
        problems.throwIfAny();
        return recipe;
    }

    @Test
    void everyKeyHasADefault() {
        assertThat(read("{}")).isEqualTo(new AuditRecipe(0.05, 20, 5, 0));
        assertThat(read("{max-truncated-share: 0.2, preview-rows: 0, violations-shown: 9, seed: 3}"))
                .isEqualTo(new AuditRecipe(0.2, 0, 9, 3));
    }

    @Test
    void whatIsNoShareOrUnknownIsRefused() {
        assertThatThrownBy(() -> read("{max-truncated-share: 5}"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("audit.max-truncated-share: got 5, expected a number from 0.0 to 1.0");
        assertThatThrownBy(() -> read("{preview-row: 5}"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("did you mean preview-rows?");
    }
}
