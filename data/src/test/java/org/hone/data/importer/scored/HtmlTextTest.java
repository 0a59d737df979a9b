package org.hone.data.importer.scored;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class HtmlTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "plain  text |plain  text",
                "<p>one~  two</p>~~<p>three</p>|one two~~three",
                "a<br>b<br/>c|a~b~c",
                "<p>a &lt;b&gt; &amp;&nbsp;c &#8217; &hellip; 5 &lt; 6 & 7</p>|a <b> &\u00a0c ’ … 5 < 6 & 7",
                "<p>use <code>a  b</code>, not<code>c</code>.</p>|use `a b`, not`c`.",
                "<ul><li>one</li><li><p>two</p><p>more</p></li></ul><p>end</p>|- one~- two~~more~~end",
                "<ol><li>one</li><li>two</li></ol>|1. one~2. two",
                "<p>x</p><blockquote><p>said</p><p>so</p></blockquote><p>y</p>|x~~> said~>~> so~~y",
                "<a href=\"http://example.org\">here</a> <img src=\"x.png\" alt=\"pic\">end|here end",
                "<script>alert(1)</script><style>p {}</style>seen|seen",
                "<h2>Title</h2>text|Title~~text",
                "<b>bo</b>ld <i>it</i>|bold it",
                "unclosed <p>tags <b>are|unclosed~~tags are",
                "&#xD83D; and &#x1F680;|\ufffd and \ud83d\ude80",
            })
    void becomesPlainText(String html, String text) {
        assertThat(HtmlText.of(html.replace('~', '\n'))).isEqualTo(text.replace('~', '\n'));
    }

    @Test
    void codeBlocksKeepTheirWhiteSpace() {
        assertThat(HtmlText.of("<p>Do:</p>\n\n<pre class=\"lang-py\"><code>for x in y:\n    print(x)\n\n    &lt;i&gt;\n"
                        + "</code></pre>\n\n<p>Done.</p>"))
                .isEqualTo("Do:\n\n```\nfor x in y:\n    print(x)\n\n    <i>\n```\n\nDone.");
        assertThat(HtmlText.of("<pre><span>a </span><b>b</b>\n  c</pre>")).isEqualTo("```\na b\n  c\n```");
    }

    @Test
    void anyNestingOfAnyTagsIsRead() {
        String[] parts = {
            "<ul>",
            "<li>",
            "</ul>",
            "<pre>",
            "</pre>",
            "<code>",
            "</code>",
            "<blockquote>",
            "</blockquote>",
            "<p>",
            "text ",
            "\n",
            "<table><tr><td>",
            "&lt",
            "&#0;",
            "<script>",
            "</script>",
            "<!-- c -->",
            "<br>"
        };
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            StringBuilder html = new StringBuilder("word ");
            for (int part = random.nextInt(30); part > 0; part--) {
                html.append(parts[random.nextInt(parts.length)]);
            }
            assertThat(HtmlText.of(html.toString())).as(html.toString()).startsWith("word");
        }
        assertThat(HtmlText.of("<blockquote>".repeat(20_000) + "deep")).endsWith("deep");
    }
}
