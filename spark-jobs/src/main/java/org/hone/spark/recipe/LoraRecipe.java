package org.hone.spark.recipe;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.hone.model.llama.LowRankAdapters;
import org.hone.model.llama.LowRankAdapters.Target;

/**
 * Low-rank adapters (LoRA, arXiv 2106.09685): two small matrices beside each of the model's own, which stay as they are.
 *
 * @param rank r; 0 trains the model's own weights
 * @param alpha α; the adapters' product counts α/r
 * @param targets beside which matrices of every block
 * @param save what becomes of them in the end
 */
public record LoraRecipe(int rank, double alpha, List<Target> targets, Save save) implements Serializable {
    /** All weights are trained. */
    public static final LoraRecipe NONE = new LoraRecipe(0, 16, List.of(Target.values()), Save.MERGED);

    /** What becomes of trained adapters. */
    public enum Save {
        /** They are added to the model's weights: a whole model is written. */
        MERGED,
        /** They are written by themselves, as peft has them. */
        ADAPTERS
    }

    /**
     * Copies the targets into a list that every serialiser takes.
     *
     * @param rank r; 0 trains the model's own weights
     * @param alpha α
     * @param targets beside which matrices of every block
     * @param save what becomes of them in the end
     */
    public LoraRecipe {
        targets = new ArrayList<>(targets);
    }

    static LoraRecipe read(Section section) {
        Set<Target> targets = EnumSet.noneOf(Target.class);
        for (String module : section.texts("targets")) {
            try {
                targets.add(Target.named(module));
            } catch (IllegalArgumentException e) {
                section.refuse("targets", e.getMessage() + "; none is all of them");
            }
        }
        return new LoraRecipe(
                section.integer("rank", 0, 0, 4_096),
                section.number("alpha", 16, 1e-6, 1e6),
                List.copyOf(targets.isEmpty() ? EnumSet.allOf(Target.class) : targets),
                section.choice("save", Save.class, Save.MERGED));
    }

    /**
     * Whether there are adapters.
     *
     * @return whether the rank is above 0
     */
    public boolean isUsed() {
        return rank > 0;
    }

    /**
     * The adapters' settings.
     *
     * @return rank, α and targets, if they are used
     */
    public LowRankAdapters.Settings settings() {
        return new LowRankAdapters.Settings(rank, alpha, EnumSet.copyOf(targets));
    }
}
