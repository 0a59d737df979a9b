package org.hone.model.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.hone.model.training.LearningRateSchedule.Constant;
import org.hone.model.training.LearningRateSchedule.WarmupCosine;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class LearningRateScheduleTest {
    @Test
    void equalsTheSchedulersOfTransformersOneStepLater() throws IOException {
        JsonNode reference;
        try (InputStream input = LearningRateScheduleTest.class.getResourceAsStream("schedules.json")) {
            reference = new ObjectMapper().readTree(input);
        }
        LearningRateSchedule cosine = new WarmupCosine(3e-4, 10, 100, 0.1);
        LearningRateSchedule constant = new Constant(1e-6, 7);
        LearningRateSchedule control = new WarmupCosine(3e-4, 10, 100, 0.0);
        double largestControl = 0;
        // past its end transformers' cosine would rise again; ours keeps the final rate
        for (int step = 0; step < 100; step++) {
            double expected = reference.path("cosine").get(step).doubleValue();
            assertThat(cosine.at(step)).as("cosine at %s", step).isCloseTo(expected, within(1e-15));
            assertThat(constant.at(step))
                    .isCloseTo(reference.path("constant").get(step).doubleValue(), within(1e-18));
            largestControl = Math.max(largestControl, Math.abs(control.at(step) - expected));
        }
        assertThat(largestControl).isGreaterThan(2e-5);
    }

    @Test
    void handComputedRates() {
        LearningRateSchedule cosine = new WarmupCosine(1.0, 4, 12, 0.1);
        assertThat(cosine.at(0)).isEqualTo(0.25);
        assertThat(cosine.at(3)).isEqualTo(1.0);
        assertThat(cosine.at(7)).isCloseTo(0.55, within(1e-15));
        assertThat(cosine.at(11)).isCloseTo(0.1, within(1e-15));
        assertThat(cosine.at(500)).isEqualTo(cosine.at(11));
        assertThat(new WarmupCosine(1.0, 3, 3, 0.1).at(2)).isEqualTo(1.0);
        assertThat(new Constant(2e-5, 0).at(0)).isEqualTo(2e-5);
    }

    @Test
    void theEndsOfTheRangesAreAllowed() {
        assertThat(new WarmupCosine(1, 0, 4, 1).at(2)).isEqualTo(1);
        assertThat(new WarmupCosine(1, 0, 4, 0).at(3)).isZero();
        assertThat(new Constant(0, 0).at(3)).isZero();
    }

    @Test
    void refusesWhatIsNoSchedule() {
        assertThatThrownBy(() -> new WarmupCosine(1, 5, 4, 0.1))
                .hasMessage("total steps: 4 are fewer than the 5 warm-up steps; shorten the warm-up");
        assertThatThrownBy(() -> new WarmupCosine(1, 0, 4, 1.5))
                .hasMessage("final fraction: 1.5 must be between 0 and 1");
        assertThatThrownBy(() -> new WarmupCosine(1, 0, 4, -0.1))
                .hasMessage("final fraction: -0.1 must be between 0 and 1");
        assertThatThrownBy(() -> new WarmupCosine(-1, 0, 4, 0.1))
                .hasMessage("learning rate: -1.0 must be finite and at least 0");
        assertThatThrownBy(() -> new WarmupCosine(1, 0, 4, 0.1).at(-1)).hasMessage("step: -1 must be at least 0");
        assertThatThrownBy(() -> new Constant(Double.POSITIVE_INFINITY, 0))
                .hasMessage("learning rate: Infinity must be finite and at least 0");
        assertThatThrownBy(() -> new Constant(Double.NaN, 0))
                .hasMessage("learning rate: NaN must be finite and at least 0");
        assertThatThrownBy(() -> new Constant(1, -1)).hasMessage("warm-up steps: -1 must be at least 0");
        assertThatThrownBy(() -> new Constant(1, 0).at(-1)).hasMessage("step: -1 must be at least 0");
    }
}
