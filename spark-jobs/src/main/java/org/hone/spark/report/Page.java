package org.hone.spark.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.commons.text.StringEscapeUtils;
import org.apache.commons.text.StringSubstitutor;

/**
 * The page as one file that opens from disk: style, scripts and data stand in it, and a content security policy keeps it from
 * fetching anything. Data is JSON that scripts read and put in as text.
 */
final class Page {
    private static final List<String> SCRIPTS =
            List.of("elements.js", "charts.js", "models.js", "rewards.js", "stages.js", "samples.js", "page.js");
    /** Where the charting library says its version, which is part of its path. */
    private static final String ECHARTS_VERSION = "/META-INF/maven/org.webjars/echarts/pom.properties";

    private Page() {}

    static String html(String title, String fingerprint, JsonNode data) throws IOException {
        StringSubstitutor values = new StringSubstitutor(
                Map.of(
                        "title", StringEscapeUtils.escapeHtml4(title),
                        "fingerprint", StringEscapeUtils.escapeHtml4(fingerprint),
                        "style", resource("report.css"),
                        "data", inScript(data),
                        "echarts", script(echarts()),
                        "scripts", script(scripts())),
                "{{",
                "}}");
        values.setDisableSubstitutionInValues(true);
        return values.replace(resource("report.html"));
    }

    /** JSON that no HTML parser finds an end tag or a comment in. */
    static String inScript(JsonNode data) {
        return data.toString().replace("<", "\\u003c");
    }

    /** A script that holds no end tag of its own element. */
    private static String script(String source) {
        if (source.toLowerCase(Locale.ROOT).contains("</script")) {
            throw new IllegalStateException("a script of the report ends its own element");
        }
        return source;
    }

    private static String scripts() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : SCRIPTS) {
            all.append(resource(name)).append('\n');
        }
        return all.toString();
    }

    private static String echarts() throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(resource(ECHARTS_VERSION)));
        return resource("/META-INF/resources/webjars/echarts/" + properties.getProperty("version") + "/echarts.min.js");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
