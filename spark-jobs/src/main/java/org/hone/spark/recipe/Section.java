package org.hone.spark.recipe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One mapping of a recipe file. Every read names its key, its allowed values and its default; what was
 * read is remembered, so that {@link #finish} can refuse the keys that nobody asked for and the resolved
 * recipe, defaults included, can be stored with the run.
 *
 * <p>The YAML is only ever composed into nodes: nothing in the file can construct an object.
 */
final class Section {
    private static final int NEAR = 3;
    private static final String PATH =
            "a path (file:, hdfs:, s3a: or a local one) on a file system that can be reached";

    private final String path;
    private final Mark where;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Object> resolved = new LinkedHashMap<>();
    private final Set<String> defaults = new LinkedHashSet<>();
    private final List<Section> children = new ArrayList<>();
    private final Problems problems;
    private final Variables variables;
    private final PathResolver paths;

    Section(String path, Node node, Problems problems, Variables variables, PathResolver paths) {
        this.path = path;
        this.where = node.getStartMark();
        this.problems = problems;
        this.variables = variables;
        this.paths = paths;
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                    String found = describe(tuple.getKeyNode());
                    problems.add(
                            tuple.getKeyNode().getStartMark(), at("?"), "expected the name of a key, got " + found);
                    continue;
                }
                String key = scalar.getValue();
                if (nodes.put(key, tuple.getValueNode()) != null) {
                    problems.add(tuple.getKeyNode().getStartMark(), at(key), "stands here twice; keep one");
                }
            }
        } else {
            problems.add(where, path.isEmpty() ? "recipe" : path, "expected keys and values, got " + describe(node));
        }
    }

    /** The values as read, defaults filled in, in the order in which they were asked for. */
    Map<String, Object> resolved() {
        return resolved;
    }

    /** Paths of the keys, here and below, whose value is the one that they have where they are left out. */
    Set<String> defaults() {
        Set<String> all = new LinkedHashSet<>(defaults);
        children.forEach(child -> all.addAll(child.defaults()));
        return all;
    }

    String text(String key) {
        return required(key, this::string, "a text");
    }

    @Nullable String optionalText(String key) {
        return optional(key, this::string, "a text");
    }

    String text(String key, String byDefault) {
        return optional(key, this::string, "a text", byDefault);
    }

    /** A path, spelt out so that it means the same in every process of the cluster. */
    String path(String key) {
        return required(key, this::resolve, PATH);
    }

    String path(String key, String byDefault) {
        return optional(key, this::resolve, PATH, byDefault);
    }

    /** A path, or null where the key is absent. */
    @Nullable String optionalPath(String key) {
        return optional(key, this::resolve, PATH);
    }

    /** A list of texts; an absent one is empty. */
    List<String> texts(String key) {
        List<String> found = new ArrayList<>();
        Node node = nodes.get(key);
        if (node instanceof SequenceNode sequence
                && sequence.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
            sequence.getValue().forEach(text -> found.add(string(((ScalarNode) text).getValue())));
        } else if (node != null) {
            problems.add(node.getStartMark(), at(key), "got " + describe(node) + ", expected a list of texts");
        }
        remember(key, List.copyOf(found));
        return List.copyOf(found);
    }

    long seed(String key, long byDefault) {
        return optional(key, text -> Long.valueOf(string(text)), "a whole number", byDefault);
    }

    int integer(String key, int byDefault, int least, int most) {
        return optional(key, text -> integer(text, least, most), integers(least, most), byDefault);
    }

    @Nullable Integer optionalInteger(String key, int least, int most) {
        return optional(key, text -> integer(text, least, most), integers(least, most));
    }

    double number(String key, double byDefault, double least, double most) {
        return optional(key, text -> number(text, least, most), numbers(least, most), byDefault);
    }

    @Nullable Double optionalNumber(String key, double least, double most) {
        return optional(key, text -> number(text, least, most), numbers(least, most));
    }

    boolean flag(String key, boolean byDefault) {
        return optional(key, Section::parseFlag, "true or false", byDefault);
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E byDefault) {
        E[] values = type.getEnumConstants();
        String allowed =
                "one of " + Arrays.stream(values).map(Section::spelling).collect(Collectors.joining(", "));
        E value = read(key, text -> named(values, text), allowed).orElse(byDefault);
        remember(key, spelling(value), spelling(byDefault));
        return value;
    }

    /** The mapping under a key; an absent one reads as empty, so that every default applies. */
    Section section(String key) {
        Node node = nodes.get(key);
        Section section = new Section(at(key), node == null ? empty() : node, problems, variables, paths);
        remember(key, section.resolved);
        children.add(section);
        return section;
    }

    /** The mapping under a key, or null where the key is absent. */
    @Nullable Section optionalSection(String key) {
        if (isGiven(key)) {
            return section(key);
        }
        remember(key, null, null);
        return null;
    }

    /** A stored recipe spells an absent optional value as null. */
    private boolean isGiven(String key) {
        Node node = nodes.get(key);
        boolean isEmptyList =
                node instanceof SequenceNode sequence && sequence.getValue().isEmpty();
        return node != null && !isEmptyList && !node.getTag().equals(Tag.NULL);
    }

    /** The names that stand here. */
    List<String> keys() {
        return List.copyOf(nodes.keySet());
    }

    /** Whether a key stands here with a value. */
    boolean has(String key) {
        return isGiven(key);
    }

    /** Free names with a text each; an absent key reads as empty. */
    Map<String, String> named(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (nodes.containsKey(key)) {
            Section section = section(key);
            section.nodes.keySet().forEach(name -> texts.put(name, section.text(name)));
        } else {
            remember(key, texts);
        }
        return texts;
    }

    /** An optional list that is absent. */
    <T> List<T> none(String key) {
        remember(key, List.of());
        return List.of();
    }

    List<Section> sections(String key) {
        List<Section> found = new ArrayList<>();
        if (nodes.get(key) instanceof SequenceNode sequence) {
            for (Node node : sequence.getValue()) {
                found.add(new Section(at(key) + "[" + found.size() + "]", node, problems, variables, paths));
            }
        }
        if (found.isEmpty()) {
            Node node = nodes.get(key);
            Mark mark = node == null ? where : node.getStartMark();
            problems.add(mark, at(key), "expected a list with at least one entry, got " + describe(node));
        }
        remember(key, found.stream().map(Section::resolved).toList());
        children.addAll(found);
        return found;
    }

    /** Reports a combination of values that cannot be run. */
    void refuse(String key, String message) {
        Node node = nodes.get(key);
        problems.add(node == null ? where : node.getStartMark(), at(key), message);
    }

    /** Refuses the keys that were never read, here and below. */
    void finish() {
        for (Map.Entry<String, Node> entry : nodes.entrySet()) {
            if (!resolved.containsKey(entry.getKey())) {
                problems.add(entry.getValue().getStartMark(), at(entry.getKey()), unknown(entry.getKey()));
            }
        }
        children.forEach(Section::finish);
    }

    private String unknown(String key) {
        String near = resolved.keySet().stream()
                .filter(known -> distance(known, key) <= NEAR)
                .min(Comparator.comparingInt(known -> distance(known, key)))
                .map(known -> "did you mean " + known + "? ")
                .orElse("");
        return "unknown key; " + near + "allowed here: " + String.join(", ", resolved.keySet());
    }

    private <T> T optional(String key, Function<String, T> parse, String allowed, T byDefault) {
        T value = read(key, parse, allowed).orElse(byDefault);
        remember(key, value, byDefault);
        return value;
    }

    private <T> @Nullable T optional(String key, Function<String, T> parse, String allowed) {
        T value = isGiven(key) ? read(key, parse, allowed).orElse(null) : null;
        remember(key, value, null);
        return value;
    }

    private String required(String key, Function<String, String> parse, String allowed) {
        if (!nodes.containsKey(key)) {
            problems.add(where, at(key), "is missing; give " + allowed);
        }
        String value = read(key, parse, allowed).orElse("");
        remember(key, value);
        return value;
    }

    private <T> Optional<T> read(String key, Function<String, T> parse, String allowed) {
        Node node = nodes.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
            problems.add(node.getStartMark(), at(key), "got " + describe(node) + ", expected " + allowed);
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(scalar.getValue()));
        } catch (Variables.UndefinedException e) {
            problems.add(node.getStartMark(), at(key), String.valueOf(e.getMessage()));
        } catch (UnreachablePathException e) {
            String why = e.getMessage();
            problems.add(
                    node.getStartMark(), at(key), "got " + scalar.getValue() + " (" + why + "), expected " + allowed);
        } catch (IllegalArgumentException e) {
            problems.add(node.getStartMark(), at(key), "got " + scalar.getValue() + ", expected " + allowed);
        }
        return Optional.empty();
    }

    private String string(String text) {
        return variables.expand(text);
    }

    private String resolve(String text) {
        try {
            return paths.resolve(variables.expand(text));
        } catch (IOException e) {
            throw new UnreachablePathException(e);
        }
    }

    private void remember(String key, @Nullable Object value) {
        resolved.put(key, value);
    }

    private void remember(String key, @Nullable Object value, @Nullable Object byDefault) {
        remember(key, value);
        if (Objects.equals(value, byDefault)) {
            defaults.add(at(key));
        }
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private Node empty() {
        return new MappingNode(Tag.MAP, true, List.of(), where, where, DumperOptions.FlowStyle.BLOCK);
    }

    private static int distance(String a, String b) {
        return LevenshteinDistance.getDefaultInstance().apply(a, b);
    }

    private int integer(String text, int least, int most) {
        return ranged(Integer.parseInt(string(text)), least, most);
    }

    private double number(String text, double least, double most) {
        return ranged(Double.parseDouble(string(text)), least, most);
    }

    private static String integers(int least, int most) {
        return "a whole number from " + least + " to " + most;
    }

    private static String numbers(double least, double most) {
        return "a number from " + least + " to " + most;
    }

    private static <T extends Comparable<T>> T ranged(T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("out of range");
        }
        return value;
    }

    private static boolean parseFlag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("not a flag");
        }
        return text.equals("true");
    }

    private static <E extends Enum<E>> E named(E[] values, String text) {
        return Arrays.stream(values)
                .filter(value -> spelling(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not a choice"));
    }

    private static String spelling(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String describe(@Nullable Node node) {
        if (node == null) {
            return "nothing";
        }
        return switch (node.getNodeId()) {
            case scalar -> ((ScalarNode) node).getValue().isEmpty() ? "nothing" : ((ScalarNode) node).getValue();
            case sequence -> "a list";
            case mapping -> "keys and values";
            case anchor -> "an anchor";
        };
    }

    /** A path on a file system that is unknown or does not answer. */
    private static final class UnreachablePathException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UnreachablePathException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
