package org.hone.spark.notebook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The runner that the tour is tested with fails where a kernel would, and says at which cell. */
final class NotebookTest {
    private static ObjectNode notebook(String... sources) {
        ObjectNode notebook = new ObjectMapper().createObjectNode();
        ArrayNode cells = notebook.putArray("cells");
        cells.addObject().put("cell_type", "markdown").put("source", "int no = code");
        for (String source : sources) {
            ArrayNode lines = cells.addObject().put("cell_type", "code").putArray("source");
            source.lines().forEach(line -> lines.add(line + "\n"));
        }
        return notebook;
    }

    @Test
    void cellsShareWhatTheyDeclareAndShowWhatTheyDisplay() {
        List<Notebook.Ran> ran = Notebook.run(
                "good",
                notebook(
                        "int twice(int n) {\n  return 2 * n;\n}\nint six = twice(3); // a comment",
                        """
                        // only a comment
                        """,
                        "display(six, \"text/plain\"); display(\"<b>\" + twice(six) + \"</b>\", \"text/html\")"));
        assertThat(ran).extracting(Notebook.Ran::number).containsExactly(2, 3, 4);
        assertThat(ran.get(0).shown()).isEmpty();
        assertThat(ran.get(2).shown())
                .containsExactly(new Notebook.Shown("text/plain", "6"), new Notebook.Shown("text/html", "<b>12</b>"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    int six = "six";                            | error: incompatible types
                    int six = missing;                          | error: cannot find symbol
                    int six() { return missing(); }             | RECOVERABLE_DEFINED
                    java.util.List<String> raw = new java.util.ArrayList(); | warning:
                    int six = Integer.parseInt("six");          | java.lang.NumberFormatException: For input string
                    int six = (1 +                              | the cell ends in the middle of a statement
                    """)
    void theFirstBadCellIsNamedWithItsSource(String source, String problem) {
        assertThatThrownBy(() -> Notebook.run("bad", notebook("int one = 1;", source, "nor this;")))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("bad, cell 3: ")
                .hasMessageContaining(problem)
                .hasMessageEndingWith(source + "\n");
    }

    /** The file as it is committed opens in Jupyter with what a run of two rounds showed, and tells nothing of the machine. */
    @Test
    void theCommittedTourIsWhole() throws IOException {
        Path file = Path.of("..", "notebooks", "tour.ipynb");
        assertThat(Files.size(file)).isLessThan(200_000);
        assertThat(Files.readString(file)).doesNotContain("file:/", "/tmp/", "/home/", "/root/", "/work/");
        JsonNode notebook = new ObjectMapper().readTree(file.toFile());
        assertThat(notebook.path("nbformat").asInt()).isEqualTo(4);
        assertThat(notebook.at("/metadata/kernelspec/language").asText()).isEqualTo("java");
        int count = 0;
        for (JsonNode cell : notebook.path("cells")) {
            if (cell.path("cell_type").asText().equals("code")) {
                count++;
                assertThat(cell.path("execution_count").asInt()).isEqualTo(count);
                assertThat(cell.path("outputs").isEmpty())
                        .as("what cell %s shows", count)
                        .isEqualTo(count == 1);
            }
        }
        assertThat(count).isGreaterThan(10);
    }
}
