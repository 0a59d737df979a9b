package org.hone.spark.run;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.hone.spark.recipe.ResolvedRecipe;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The folder of a run: the resolved recipe, and a folder a stage. A stage is done when its marker is
 * there; the marker is written last, so whatever a stage without one left is started again (its
 * checkpoints apart, which the training stages look after themselves).
 *
 * <pre>
 * recipe.yaml             the recipe with every default
 * STAGE/…                 what the stage made
 * STAGE/_done.json        written last: what it reported
 * </pre>
 */
public final class RunFolder {
    private static final String MARKER = "_done.json";
    private static final String RECIPE = "recipe.yaml";
    /** How training is spread over machines and kept; it may go on otherwise, and ends with the same weights. */
    private static final Set<String> MAY_CHANGE = Set.of(
            "training.ranks",
            "training.timeout-seconds",
            "training.checkpoint-every-steps",
            "training.checkpoints-to-keep",
            "training.activation-checkpointing");

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Storage storage;
    private final String root;

    private RunFolder(Storage storage, String root) {
        this.storage = storage;
        this.root = root;
    }

    /**
     * Opens a run's folder, or makes it.
     *
     * @param storage the file systems
     * @param root the folder
     * @param recipe the recipe that the run is made with
     * @return the run
     * @throws IOException if it cannot be read or written
     * @throws IllegalArgumentException if the folder holds a run of a recipe that would end with something else
     */
    public static RunFolder open(Storage storage, String root, ResolvedRecipe<?> recipe) throws IOException {
        return open(storage, root, recipe, List.of());
    }

    /**
     * Opens a run's folder, or makes it.
     *
     * @param storage the file systems
     * @param root the folder
     * @param recipe the recipe that the run is made with
     * @param unread beginnings of the recipe's keys that nothing in the folder follows from yet, so that they may change
     * @return the run
     * @throws IOException if it cannot be read or written
     * @throws IllegalArgumentException if the folder holds a run of a recipe that would end with something else
     */
    public static RunFolder open(Storage storage, String root, ResolvedRecipe<?> recipe, List<String> unread)
            throws IOException {
        RunFolder folder = new RunFolder(storage, storage.qualified(root));
        String stored = folder.path(RECIPE);
        if (!storage.exists(stored)) {
            // a full disk or a kill may have ended the first run of all while it wrote the recipe
            if (storage.list(root).stream().anyMatch(name -> !name.equals(Storage.unfinished(RECIPE)))) {
                throw new IllegalArgumentException(root + ": holds files but no " + RECIPE
                        + ", so it is not a run of Hone; give --output an empty or a new folder");
            }
            storage.writeText(stored, recipe.yaml());
        } else if (!storage.readText(stored).equals(recipe.yaml())) {
            List<String> differences = differences(storage.readText(stored), recipe, unread);
            if (!differences.isEmpty()) {
                throw new IllegalArgumentException(
                        root + ": this run was started with another recipe:\n" + String.join("\n", differences)
                                + "\nGo on with the old recipe, or give --output a new folder.");
            }
            storage.writeText(stored, recipe.yaml());
        }
        return folder;
    }

    /**
     * Whether a run was started in a folder.
     *
     * @param storage the file systems
     * @param root the folder
     * @return whether its recipe is there
     * @throws IOException if the folder cannot be read
     */
    public static boolean isStarted(Storage storage, String root) throws IOException {
        return storage.exists(root + "/" + RECIPE);
    }

    /**
     * Opens the folder of a run that was started, to look at it.
     *
     * @param storage the file systems
     * @param root the folder
     * @return the run
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if there is no run in it
     */
    public static RunFolder existing(Storage storage, String root) throws IOException {
        RunFolder folder = new RunFolder(storage, storage.qualified(root));
        if (!storage.exists(folder.path(RECIPE))) {
            throw new IllegalArgumentException(
                    root + ": holds no " + RECIPE + ", so it is not a run of Hone; give the folder of --output");
        }
        return folder;
    }

    /**
     * The recipe that the run was started with.
     *
     * @return YAML with every default
     * @throws IOException if it cannot be read
     */
    public String recipe() throws IOException {
        return storage.readText(path(RECIPE));
    }

    /**
     * The path of something in this run.
     *
     * @param name its name below the run's folder
     * @return the Hadoop path
     */
    public String path(String name) {
        return root + "/" + name;
    }

    /**
     * The file systems.
     *
     * @return the storage that this run is in
     */
    public Storage storage() {
        return storage;
    }

    /**
     * Whether a stage is done.
     *
     * @param stage its name
     * @return whether its marker is there
     * @throws IOException if the folder cannot be read
     */
    public boolean isDone(String stage) throws IOException {
        return storage.exists(marker(stage));
    }

    /**
     * What a finished stage reported.
     *
     * @param stage its name
     * @return the report
     * @throws IOException if it is not done
     */
    public StageReport report(String stage) throws IOException {
        return new StageReport(
                JSON.readValue(storage.readText(marker(stage)), new TypeReference<Map<String, Object>>() {}));
    }

    /**
     * Clears what an interrupted attempt of a stage left.
     *
     * @param stage its name
     * @param kept names in the stage's folder that survive, such as checkpoints
     * @throws IOException if it cannot be cleared
     */
    public void clear(String stage, List<String> kept) throws IOException {
        for (String name : storage.list(path(stage))) {
            if (!kept.contains(name)) {
                storage.delete(path(stage + "/" + name));
            }
        }
    }

    /**
     * Marks a stage as done.
     *
     * @param stage its name
     * @param report what it reports
     * @throws IOException if the marker cannot be written
     */
    public void commit(String stage, StageReport report) throws IOException {
        storage.writeText(marker(stage), JSON.writeValueAsString(report.figures()) + "\n");
    }

    private String marker(String stage) {
        return path(stage + "/" + MARKER);
    }

    private static List<String> differences(String stored, ResolvedRecipe<?> recipe, List<String> unread) {
        Map<String, Object> before = new TreeMap<>();
        Map<String, Object> now = new TreeMap<>();
        flatten("", new Yaml(new SafeConstructor(new LoaderOptions())).load(stored), before);
        flatten("", recipe.values(), now);
        List<String> lines = new ArrayList<>();
        Map<String, Object> all = new LinkedHashMap<>(before);
        all.putAll(now);
        for (String key : all.keySet()) {
            // an older Hone did not know the key; left out, it does what was done before there was one
            boolean isNewToHone = !before.containsKey(key) && recipe.defaults().contains(key);
            if (!MAY_CHANGE.contains(key)
                    && !isNewToHone
                    && unread.stream().noneMatch(key::startsWith)
                    && !Objects.equals(String.valueOf(before.get(key)), String.valueOf(now.get(key)))) {
                lines.add("  " + key + ": the run has " + before.getOrDefault(key, "nothing") + ", the recipe now says "
                        + now.getOrDefault(key, "nothing"));
            }
        }
        return lines;
    }

    private static void flatten(String path, Object value, Map<String, Object> flat) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, below) -> flatten(path.isEmpty() ? "" + key : path + "." + key, below, flat));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                flatten(path + "[" + i + "]", list.get(i), flat);
            }
        } else {
            flat.put(path, value == null ? "nothing" : value);
        }
    }
}
