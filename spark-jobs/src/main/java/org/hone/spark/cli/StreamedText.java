package org.hone.spark.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import org.hone.data.tokenizer.Tokenizer;
import org.hone.model.sampling.StopRule;

/** Shows a response while it is drawn. A character that is several tokens is shown when its last byte is there. */
final class StreamedText implements StopRule {
    private static final char UNFINISHED = '\uFFFD';

    private final Tokenizer tokenizer;
    private final PrintWriter out;
    private String shown = "";

    StreamedText(Tokenizer tokenizer, PrintWriter out) {
        this.tokenizer = tokenizer;
        this.out = out;
    }

    @Override
    public boolean stops(int[] ids, int length) {
        String text = tokenizer.decode(Arrays.copyOf(ids, length));
        if (text.isEmpty() || text.charAt(text.length() - 1) != UNFINISHED) {
            show(text);
        }
        return false;
    }

    /** Shows what is still missing, and gets ready for the next response. */
    void end(String text) {
        show(text);
        out.println();
        shown = "";
    }

    private void show(String text) {
        if (text.startsWith(shown)) {
            out.print(text.substring(shown.length()));
            out.flush();
            shown = text;
        }
    }
}
