package org.hone.data.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.hone.data.tokenizer.SentencePieceModel.Kind;
import org.hone.data.tokenizer.SentencePieceModel.Normalisation;
import org.hone.data.tokenizer.SentencePieceModel.Piece;

/** What a tokenizer file is, in words: for a person who was given one. */
public final class TokenizerDescription {
    private static final int LONGEST = 8;

    private TokenizerDescription() {}

    /**
     * Describes a tokenizer.
     *
     * @param path a tokenizer file or a model folder
     * @return names and values, in the order to show them
     * @throws IOException when it is no tokenizer that can be opened
     */
    public static Map<String, String> of(Path path) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        try (Tokenizer tokenizer = Tokenizer.open(path)) {
            Path file = path;
            if (Files.isDirectory(path)) {
                Path sentencePiece = path.resolve(Tokenizer.SENTENCE_PIECE_FILE);
                file = Files.exists(sentencePiece) ? sentencePiece : path.resolve(Tokenizer.HUGGING_FACE_FILE);
            }
            lines.put("file", file.toString());
            if (tokenizer instanceof SentencePieceTokenizer) {
                sentencePiece(SentencePieceModel.parse(Files.readAllBytes(file)), lines);
            } else {
                lines.put("kind", "Hugging Face tokenizers, BPE");
                lines.put("pieces", Integer.toString(tokenizer.vocabularySize()));
            }
            lines.put("unknown", id(tokenizer, tokenizer.unkId()));
            lines.put("begin", id(tokenizer, tokenizer.bosId()));
            lines.put("end", id(tokenizer, tokenizer.eosId()));
            lines.put("sha256", tokenizer.sha256());
        }
        return lines;
    }

    private static void sentencePiece(SentencePieceModel model, Map<String, String> lines) {
        lines.put("kind", "SentencePiece, " + model.algorithm().name().toLowerCase(Locale.ROOT));
        lines.put("pieces", model.pieces().size() + " " + kinds(model.pieces()));
        Normalisation normalisation = model.normalisation();
        lines.put(
                "normaliser",
                (normalisation.name().isEmpty() ? "unnamed" : normalisation.name())
                        + (normalisation.rules().isEmpty() ? ", changes no character" : ", replaces characters")
                        + (normalisation.dummyPrefix() ? ", a blank before the text" : "")
                        + (normalisation.removesExtraBlanks() ? ", extra blanks removed" : ", every blank kept")
                        + (normalisation.escapesBlanks() ? "" : ", blanks not escaped")
                        + (normalisation.blankAsSuffix() ? ", the blank behind a word" : ""));
        lines.put("byte fallback", model.byteFallback() ? "yes" : "no");
        lines.put("controls", pieces(model, Kind.CONTROL));
        lines.put("user-defined", pieces(model, Kind.USER_DEFINED));
        lines.put(
                "longest pieces",
                model.pieces().stream()
                        .filter(piece -> piece.kind() == Kind.NORMAL)
                        .map(Piece::text)
                        .sorted(Comparator.comparingInt((String text) -> -text.codePointCount(0, text.length())))
                        .limit(LONGEST)
                        .toList()
                        .toString());
    }

    private static String kinds(List<Piece> pieces) {
        Map<String, Integer> counts = new TreeMap<>();
        pieces.forEach(piece ->
                counts.merge(piece.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'), 1, Integer::sum));
        return counts.toString();
    }

    private static String pieces(SentencePieceModel model, Kind kind) {
        List<String> found = IntStream.range(0, model.pieces().size())
                .filter(id -> model.pieces().get(id).kind() == kind)
                .mapToObj(id -> model.pieces().get(id).text() + " " + id)
                .toList();
        return found.isEmpty() ? "none" : String.join(", ", found);
    }

    private static String id(Tokenizer tokenizer, int id) {
        return id < 0 ? "none" : tokenizer.piece(id) + " " + id;
    }
}
