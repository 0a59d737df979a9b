package org.hone.spark.raw;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class RawFilesTest {
    private static final Configuration HADOOP = new Configuration();

    @TempDir
    private Path folder;

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toUri().toString();
    }

    private String file(String name, String text) throws IOException {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> read(String file) throws IOException {
        return read(Chunk.whole(file, RawFiles.container(file, HADOOP)));
    }

    /** Every record as its number and its value, or the reason why it has none; last the error that ended reading. */
    private static List<String> read(Chunk chunk) throws IOException {
        List<String> seen = new ArrayList<>();
        try (Records records = RawFiles.open(chunk, HADOOP)) {
            @Nullable RawRecord record;
            while ((record = records.next()) != null) {
                seen.add(record.number() + " "
                        + (record instanceof RawRecord.Broken broken
                                ? broken.reason() + ": " + broken.detail()
                                : ((RawRecord.Parsed) record).value().toString()));
            }
        } catch (IOException e) {
            seen.add("ended: " + e.getMessage());
        }
        return seen;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] zstd(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zstd = new ZstdOutputStream(out)) {
            zstd.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void emptyFilesHaveNoRecords() throws IOException {
        for (String name : List.of("a.jsonl", "a.json", "a.csv", "a.txt", "a.jsonl.gz")) {
            assertThat(read(file(name, ""))).as(name).isEmpty();
        }
        assertThat(read(file("b.jsonl.gz", gzip(new byte[0])))).isEmpty();
        assertThat(read(file("a.parquet", ""))).singleElement().asString().startsWith("ended: no whole Parquet file: ");
    }

    @Test
    void containersAreToldByTheirBeginning() throws IOException {
        assertThat(RawFiles.container(file("1.json", "[{\"a\": 1}]"), HADOOP)).isEqualTo(Container.JSON);
        assertThat(RawFiles.container(file("2.json", "{\n\"a\": 1}"), HADOOP)).isEqualTo(Container.JSON);
        assertThat(RawFiles.container(file("3.json", "{\"a\": 1}\n{\"a\": 2}"), HADOOP))
                .isEqualTo(Container.JSON_LINES);
        assertThat(RawFiles.container(file("4", "\ufeff {\"a\": 1}\n"), HADOOP)).isEqualTo(Container.JSON_LINES);
        assertThat(RawFiles.container(file("5.CSV.zst", zstd(latin("a,b\n"))), HADOOP))
                .isEqualTo(Container.CSV);
        assertThat(RawFiles.container(file("6.txt.gz", "once upon a time"), HADOOP))
                .isEqualTo(Container.TEXT);
    }

    @Test
    void linesEndInAnyOfThreeWays() throws IOException {
        String file = file("a.jsonl", "\ufeff{\"a\": 1}\r\n{\"a\": 2}\n{\"a\": 3}\r{\"a\": 4}");
        assertThat(read(file)).containsExactly("1 {\"a\":1}", "2 {\"a\":2}", "3 {\"a\":3}", "4 {\"a\":4}");
    }

    @Test
    void aBrokenLineCostsItself() throws IOException {
        String nested = "[".repeat(100_000) + "]".repeat(100_000);
        String file = file(
                "a.jsonl",
                latin("{\"a\": \"\377\"}\n{\"a\": 1\n\n{\"a\": 1, \"a\": 2}\n{\"a\": 1} {}\n\0\0\0\n{\"a\": \"\0\"}\n"
                        + nested + "\n{\"a\": \"\\u0000\"}\n"));
        List<String> read = read(file);
        assertThat(read).hasSize(9);
        assertThat(read.get(0)).startsWith("1 INVALID_UNICODE: the bytes are not UTF-8");
        assertThat(read.get(2)).isEqualTo("3 MALFORMED_JSON: the line is empty");
        assertThat(read.get(3)).contains("MALFORMED_JSON", "Duplicate field 'a'");
        assertThat(read.get(7)).contains("MALFORMED_JSON", "nesting depth");
        assertThat(read.get(8)).isEqualTo("9 {\"a\":\"\\u0000\"}");
        assertThat(read.subList(1, 8)).allSatisfy(line -> assertThat(line).contains("MALFORMED_JSON"));
    }

    @Test
    void jsonIsAListOrOneObjectAfterTheOther() throws IOException {
        assertThat(read(file("a.json", "\ufeff[{\"a\": 1},\r\n 7, [8]]")))
                .containsExactly("1 {\"a\":1}", "2 7", "3 [8]");
        assertThat(read(file("b.json", "{\n\"a\": 1}{\"a\": 2}\n"))).containsExactly("1 {\"a\":1}", "2 {\"a\":2}");
        assertThat(read(file("c.json", "[]"))).isEmpty();
        assertThat(read(file("d.json", latin("[{\"a\": \"\377\"}, {\"a\": 2}]"))))
                .hasSize(2);
    }

    @Test
    void aListThatBreaksOffKeepsWhatItHad() throws IOException {
        for (String end : List.of("", ",", ", {\"a\": ", ", }", ", \0", ", " + "[".repeat(2_000))) {
            assertThat(read(file("a.json", "[{\"a\": 1}" + end)))
                    .as(end)
                    .hasSize(2)
                    .startsWith("1 {\"a\":1}")
                    .last()
                    .asString()
                    .startsWith("ended: ");
        }
    }

    @Test
    void csvRowsFitTheirHeaderOrSaySo() throws IOException {
        String csv = "\ufeffa,b\r\n\"1\n2\",\"say \"\"x\"\"\"\n3\r4,5,6\n\"7,\",\0\n";
        assertThat(read(file("a.csv", csv)))
                .containsExactly(
                        "1 {\"a\":\"1\\n2\",\"b\":\"say \\\"x\\\"\"}",
                        "2 MALFORMED_ROW: the row has 1 fields, the header 2",
                        "3 MALFORMED_ROW: the row has 3 fields, the header 2",
                        "4 {\"a\":\"7,\",\"b\":\"\\u0000\"}");
        assertThat(read(file("b.csv", "a,a\n1,2\n"))).singleElement().asString().startsWith("ended: the header is no");
        assertThat(read(file("c.csv", "a,b\n1,2\n3,\"open\n")))
                .hasSize(2)
                .startsWith("1 {\"a\":\"1\",\"b\":\"2\"}")
                .last()
                .asString()
                .startsWith("ended: ");
    }

    @Test
    void textIsCutAtBlankLinesOrAtMarks() throws IOException {
        assertThat(read(file("a.txt", "\n\none\r\ntwo\r\r\nthree\0\n\n \n")))
                .containsExactly("1 {\"text\":\"one\\ntwo\"}", "2 {\"text\":\"three\\u0000\"}");
        assertThat(read(file("b.txt", "one\n\ntwo\n<|endoftext|>\n<|endoftext|>\nthree")))
                .containsExactly("1 {\"text\":\"one\\n\\ntwo\"}", "2 {\"text\":\"three\"}");
    }

    @Test
    void compressionIsReadOffTheBytes() throws IOException {
        byte[] lines = latin("{\"a\": 1}\n{\"a\": 2}\n");
        List<String> expected = List.of("1 {\"a\":1}", "2 {\"a\":2}");
        assertThat(read(file("a.jsonl", gzip(lines)))).isEqualTo(expected);
        assertThat(read(file("b.jsonl.zst", zstd(lines)))).isEqualTo(expected);
        assertThat(read(file("c.jsonl.gz", lines))).isEqualTo(expected);
        byte[] twice = Arrays.copyOf(gzip(lines), 2 * gzip(lines).length);
        System.arraycopy(gzip(lines), 0, twice, twice.length / 2, twice.length / 2);
        assertThat(read(file("d.jsonl.gz", twice))).as("two members").hasSize(4);
    }

    @Test
    void compressedFilesThatBreakOffKeepWhatTheyHad() throws IOException {
        StringBuilder lines = new StringBuilder();
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            lines.append("{\"a\": ").append(random.nextLong()).append("}\n");
        }
        byte[] bytes = latin(lines.toString());
        for (byte[] whole : List.of(gzip(bytes), zstd(bytes))) {
            List<String> read = read(file("cut.jsonl", Arrays.copyOf(whole, whole.length / 2)));
            assertThat(read).hasSizeBetween(5_000, 15_000);
            assertThat(read.get(read.size() - 1)).startsWith("ended: ");
            byte[] altered = whole.clone();
            altered[whole.length / 2] ^= 0x55;
            assertThat(read(file("altered.jsonl", altered)).size()).isBetween(1, 40_000);
        }
        assertThat(read(file("head.jsonl", new byte[] {0x1f, (byte) 0x8b, 8})))
                .singleElement()
                .asString()
                .startsWith("ended: ");
    }

    @Test
    void chunksOfLinesAreTheWholeFile() throws IOException {
        Random random = new Random(7);
        String[] ends = {"\n", "\r\n", "\r", "\n\n"};
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "\ufeff" : "");
            for (int line = random.nextInt(12); line > 0; line--) {
                text.append(random.nextInt(5) == 0 ? "é" : "{\"a\": " + random.nextInt(1_000) + "}");
                text.append(ends[random.nextInt(ends.length)]);
            }
            text.append(random.nextBoolean() ? "{}" : "");
            String file = file("a.jsonl", text.toString());
            long bytes = 1L + random.nextInt(20);
            List<String> seen = new ArrayList<>();
            long first = 1;
            for (Chunk chunk : RawFiles.chunks(file, Container.JSON_LINES, HADOOP, bytes)) {
                seen.addAll(read(chunk.startingWith(first)));
                first += RawFiles.lines(chunk, HADOOP);
            }
            assertThat(seen)
                    .as("%s in chunks of %s", text, bytes)
                    .isEqualTo(read(Chunk.whole(file, Container.JSON_LINES)));
        }
    }

    @Test
    void onlyPlainLinesAndParquetAreCut() throws IOException {
        byte[] lines = latin("{\"a\": 1}\n{\"a\": 2}\n");
        assertThat(RawFiles.chunks(file("a.jsonl", lines), Container.JSON_LINES, HADOOP, 10))
                .hasSize(2);
        assertThat(RawFiles.chunks(file("a.gz", gzip(lines)), Container.JSON_LINES, HADOOP, 10))
                .hasSize(1);
        assertThat(RawFiles.chunks(file("a.csv", lines), Container.CSV, HADOOP, 10))
                .hasSize(1);
    }

    @Test
    void longLinesAreReadAndShownShort() throws IOException {
        String file = file("a.jsonl", "{\"a\": \"" + "é".repeat(5_000_000) + "\"}\n");
        try (Records records = RawFiles.open(Chunk.whole(file, Container.JSON_LINES), HADOOP)) {
            RawRecord record = Objects.requireNonNull(records.next());
            assertThat(record).isInstanceOf(RawRecord.Parsed.class);
            assertThat(((RawRecord.Parsed) record).value().get("a").textValue()).hasSize(5_000_000);
            assertThat(record.raw())
                    .hasSizeLessThan(RawRecord.LONGEST_RAW + 100)
                    .endsWith(" characters in all)");
        }
    }

    @Test
    void whatTheStorageThrowsIsNoBrokenFile() throws IOException {
        String name = file("a", "a,b\n" + "1,2\n".repeat(10)).substring("file:".length());
        Configuration failing = FailingFiles.configuration();
        for (Container container : Container.values()) {
            for (int after : List.of(0, 3)) {
                String file = FailingFiles.path(name, after);
                assertThatThrownBy(() -> {
                            try (Records records = RawFiles.open(Chunk.whole(file, container), failing)) {
                                while (records.next() != null) {
                                    assertThat(after).as("nothing can be read").isPositive();
                                }
                            }
                        })
                        .as("%s after %s bytes", container, after)
                        .isInstanceOf(StorageFailure.class)
                        .hasMessageContaining("the storage failed: connection reset");
            }
        }
        assertThatThrownBy(() -> read(Chunk.whole("file:/nowhere/at/all.csv", Container.CSV)))
                .isInstanceOf(StorageFailure.class)
                .hasMessageContaining("/nowhere/at/all.csv");
    }
}
