package org.hone.spark.notebook;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.jspecify.annotations.Nullable;

/** Runs a Java notebook's cells as its kernel does: in order, in a JShell within this very process. */
public final class Notebook {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the running cell has shown; JShell runs a cell on a thread of its own. */
    private static final List<Shown> SHOWN = new ArrayList<>();

    private final String name;
    private final JShell shell;
    private final List<Ran> cells = new ArrayList<>();

    /**
     * What a cell showed.
     *
     * @param mime how it is written
     * @param content what was shown
     */
    public record Shown(String mime, String content) {}

    /**
     * A code cell that ran to its end.
     *
     * @param number its number among all cells, from 1
     * @param source its source
     * @param shown what it showed
     */
    public record Ran(int number, String source, List<Shown> shown) {}

    private Notebook(String name, JShell shell) {
        this.name = name;
        this.shell = shell;
    }

    /**
     * What a kernel gives to cells. Not to be called but by them.
     *
     * @param content what is shown
     * @param mime how it is written
     */
    public static void display(Object content, String mime) {
        synchronized (SHOWN) {
            SHOWN.add(new Shown(mime, content.toString()));
        }
    }

    /**
     * Runs all code cells.
     *
     * @param file the notebook
     * @return what they were and showed, in order
     * @throws IOException if the file cannot be read
     * @throws AssertionError with the cell's number and source, at the first cell that does not compile without a warning, needs
     *     what is not declared, or ends with an exception
     */
    public static List<Ran> run(Path file) throws IOException {
        return run(file.toString(), JSON.readTree(file.toFile()));
    }

    static List<Ran> run(String name, JsonNode notebook) {
        try (JShell shell = JShell.builder().executionEngine("local").build()) {
            shell.addToClasspath(System.getProperty("java.class.path"));
            Notebook running = new Notebook(name, shell);
            running.cell(0, "import static " + Notebook.class.getName() + ".display;");
            int number = 0;
            for (JsonNode cell : notebook.path("cells")) {
                number++;
                if (cell.path("cell_type").asText().equals("code")) {
                    running.cells.add(running.cell(number, text(cell.path("source"))));
                }
            }
            return running.cells;
        }
    }

    /** A text of a notebook: lines, or all at once. */
    static String text(JsonNode lines) {
        if (lines.isTextual()) {
            return lines.asText();
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.asText()));
        return text.toString();
    }

    private Ran cell(int number, String source) {
        synchronized (SHOWN) {
            SHOWN.clear();
        }
        String rest = source;
        while (!rest.isBlank()) {
            CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            if (next.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
                break;
            }
            if (next.source() == null) {
                throw failure(number, source, "the cell ends in the middle of a statement", null);
            }
            for (SnippetEvent event : shell.eval(next.source())) {
                check(number, source, event);
            }
            rest = next.remaining();
        }
        synchronized (SHOWN) {
            return new Ran(number, source, List.copyOf(SHOWN));
        }
    }

    private void check(int number, String source, SnippetEvent event) {
        List<String> problems = new ArrayList<>();
        shell.diagnostics(event.snippet()).map(Notebook::problem).forEach(problems::add);
        if (event.status() != Snippet.Status.VALID) {
            problems.add("the snippet is " + event.status());
        }
        JShellException thrown = event.exception();
        if (thrown instanceof EvalException exception) {
            problems.add(exception.getExceptionClassName() + ": " + exception.getMessage());
        } else if (thrown != null) {
            problems.add(thrown.toString());
        }
        if (!problems.isEmpty()) {
            throw failure(number, source, String.join("\n", problems), thrown);
        }
    }

    private static String problem(Diag diag) {
        return (diag.isError() ? "error: " : "warning: ") + diag.getMessage(Locale.ROOT);
    }

    private AssertionError failure(int number, String source, String problem, @Nullable Throwable cause) {
        return new AssertionError(name + ", cell " + number + ": " + problem + "\n" + source, cause);
    }

    /**
     * Runs a notebook and writes it with what its cells show: {@code Notebook FILE OUTPUT}.
     *
     * @param args the notebook's file, and the file to write, which may be the same
     * @throws IOException if it cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        JsonNode notebook = JSON.readTree(Path.of(args[0]).toFile());
        int count = 0;
        for (Ran ran : run(args[0], notebook)) {
            ObjectNode cell = (ObjectNode) notebook.path("cells").path(ran.number() - 1);
            cell.put("execution_count", ++count);
            ArrayNode outputs = cell.putArray("outputs");
            for (Shown shown : ran.shown()) {
                ObjectNode output = outputs.addObject().put("output_type", "display_data");
                ArrayNode lines = output.putObject("data").putArray(shown.mime());
                for (String line : shown.content().split("(?<=\n)", -1)) {
                    lines.add(line);
                }
                output.putObject("metadata");
            }
        }
        Files.writeString(Path.of(args[1]), JSON.writer(layout()).writeValueAsString(notebook) + "\n");
    }

    /** As Jupyter writes notebooks: a line a value. */
    private static DefaultPrettyPrinter layout() {
        DefaultIndenter indenter = new DefaultIndenter(" ", "\n");
        DefaultPrettyPrinter layout = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator(""));
        layout.indentArraysWith(indenter);
        layout.indentObjectsWith(indenter);
        return layout;
    }
}
