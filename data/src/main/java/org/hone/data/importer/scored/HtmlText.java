package org.hone.data.importer.scored;

import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/**
 * HTML of a post as plain text. Paragraphs and other blocks are parted by a blank line; a code block is fenced by
 * three back quotes in lines of their own and keeps its white space; code within a line stands in back quotes; items
 * of a list begin with a dash, or with their number in an ordered list; a quotation's lines begin with {@code >}. Of
 * a link the text stays, of an image nothing. Scripts and styles are left out. Entities are resolved by jsoup, as
 * browsers do.
 */
final class HtmlText {
    private static final Set<String> BLOCKS = Set.of(
            "p", "div", "pre", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr", "dl");
    private static final Set<String> LINES = Set.of("li", "tr", "br", "dt", "dd");
    private static final Set<String> SILENT = Set.of("script", "style", "noscript", "template");

    private HtmlText() {}

    static String of(String html) {
        if (html.indexOf('<') < 0 && html.indexOf('&') < 0) {
            return html.strip();
        }
        Writer writer = new Writer();
        Jsoup.parseBodyFragment(html).body().traverse(writer);
        return wellFormed(writer.text.toString().strip());
    }

    /** A character reference may name half of a surrogate pair; HTML reads U+FFFD for it. */
    private static String wellFormed(String text) {
        if (text.chars().noneMatch(character -> Character.isSurrogate((char) character))) {
            return text;
        }
        StringBuilder builder = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                .forEach(builder::appendCodePoint);
        return builder.toString();
    }

    /** Line feeds are owed, not written, until text comes: so blocks within blocks make one blank line. */
    private static final class Writer implements NodeVisitor {
        private final StringBuilder text = new StringBuilder();
        private int owed;
        private int quotes;
        private int preformatted;
        private int silent;
        private int quotesBefore;
        private boolean space;
        private boolean bulleted;

        @Override
        public void head(Node node, int depth) {
            if (node instanceof TextNode words) {
                if (silent == 0) {
                    if (preformatted > 0) {
                        verbatim(words.getWholeText());
                    } else {
                        flow(words.getWholeText());
                    }
                }
            } else if (node instanceof Element element) {
                open(element, element.normalName());
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (node instanceof Element element) {
                close(element.normalName());
            }
        }

        private void open(Element element, String name) {
            if (BLOCKS.contains(name)) {
                owe(2);
            } else if (LINES.contains(name)) {
                owe(1);
            }
            switch (name) {
                case "pre" -> {
                    write("```");
                    owe(1);
                    preformatted++;
                }
                case "code" -> {
                    if (preformatted == 0) {
                        write("`");
                    }
                }
                case "li" -> {
                    write(bullet(element));
                    bulleted = true;
                }
                case "blockquote" -> quotes++;
                default -> silent += SILENT.contains(name) ? 1 : 0;
            }
        }

        private void close(String name) {
            switch (name) {
                case "pre" -> {
                    preformatted--;
                    owed = 1;
                    write("```");
                }
                case "code" -> {
                    if (preformatted == 0) {
                        text.append('`');
                    }
                }
                case "blockquote" -> quotes--;
                default -> silent -= SILENT.contains(name) ? 1 : 0;
            }
            if (BLOCKS.contains(name)) {
                owe(2);
            } else if (LINES.contains(name) && !name.equals("br")) {
                owe(1);
            }
        }

        private static String bullet(Element item) {
            Element list = item.parent();
            return list != null && list.normalName().equals("ol") ? (item.elementSiblingIndex() + 1) + ". " : "- ";
        }

        private void owe(int lines) {
            if (!bulleted) {
                owed = Math.max(owed, lines);
                space = false;
            }
        }

        private void flow(String words) {
            int start = 0;
            while (start < words.length()) {
                int end = start;
                while (end < words.length() && !isSpace(words.charAt(end))) {
                    end++;
                }
                if (end > start) {
                    write(words.substring(start, end));
                }
                if (end < words.length()) {
                    space = owed == 0;
                    end++;
                }
                start = end;
            }
        }

        private void verbatim(String code) {
            String[] lines = code.split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                if (i > 0) {
                    owed++;
                }
                if (!lines[i].isEmpty()) {
                    write(lines[i]);
                }
            }
        }

        private void write(String words) {
            if (text.isEmpty()) {
                text.append(prefix(quotes));
            } else {
                for (; owed > 1; owed--) {
                    text.append('\n')
                            .append(prefix(Math.min(quotes, quotesBefore)).stripTrailing());
                }
                if (owed == 1) {
                    text.append('\n').append(prefix(quotes));
                } else if (space && !Character.isWhitespace(text.charAt(text.length() - 1))) {
                    text.append(' ');
                }
            }
            owed = 0;
            space = false;
            bulleted = false;
            quotesBefore = quotes;
            text.append(words);
        }

        private static String prefix(int quotes) {
            return quotes == 0 ? "" : ">".repeat(quotes) + " ";
        }

        private static boolean isSpace(char character) {
            return character == ' ' || character == '\n' || character == '\t' || character == '\r' || character == '\f';
        }
    }
}
