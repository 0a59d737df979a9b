package org.hone.spark.cli;

import java.io.PrintWriter;
import org.hone.data.tokenizer.SpanDecoder;
import org.hone.data.tokenizer.StopTexts;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.sampling.StopRule;

/**
 * Shows a response while it is drawn. A character that is several tokens is shown when its last byte is there, and what may be
 * the beginning of a stop text when it turns out to be none. Every token is decoded once or a few times, however long the
 * response is.
 */
final class StreamedText implements StopRule {
    private static final char UNFINISHED = '\uFFFD';

    private final SpanDecoder spans;
    private final StopTexts stop;
    private final PrintWriter out;
    private final StringBuilder text = new StringBuilder();
    private int read;
    private int shown;

    StreamedText(Tokenizer tokenizer, StopTexts stop, PrintWriter out) {
        this.spans = new SpanDecoder(tokenizer);
        this.stop = stop;
        this.out = out;
    }

    @Override
    public boolean stops(int[] ids, int length) {
        if (stop.end(ids, length)) {
            return true;
        }
        String more = spans.decode(ids, read, length);
        boolean isWhole = more.isEmpty() || more.charAt(more.length() - 1) != UNFINISHED;
        // as long as there is no text, the next word may lose its space
        if (isWhole && text.length() + more.length() > 0) {
            text.append(more);
            read = length;
            show(stop.settled(text));
        }
        return false;
    }

    /** Shows what is still missing, and gets ready for the next response. */
    void end(String whole) {
        if (whole.startsWith(text.substring(0, shown))) {
            out.print(whole.substring(shown));
        }
        out.println();
        text.setLength(0);
        read = 0;
        shown = 0;
    }

    private void show(int until) {
        out.print(text.substring(shown, until));
        out.flush();
        shown = until;
    }
}
