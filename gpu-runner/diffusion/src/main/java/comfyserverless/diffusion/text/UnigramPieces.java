package comfyserverless.diffusion.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A SentencePiece vocabulary whose pieces have log probabilities: a word becomes the pieces that are likeliest together
/// (unigram language model).
final class UnigramPieces {

    /// How much less likely than the rarest piece an unknown character is.
    private static final double UNKNOWN_PENALTY = 10;

    private static final int NOWHERE = -1;

    private final Map<String, Piece> pieces;
    private final int longest;
    private final Piece unknown;

    private record Piece(int id, double score) {}

    private UnigramPieces(Map<String, Piece> pieces, int unknown) {
        this.pieces = pieces;
        this.longest = pieces.keySet().stream().mapToInt(String::length).max().orElse(0);
        double least = pieces.values().stream().mapToDouble(Piece::score).min().orElse(0);
        this.unknown = new Piece(unknown, least - UNKNOWN_PENALTY);
    }

    /// Pieces one a line, `piece<TAB>score`; the line's number is the piece's id.
    ///
    /// @param unknown the id for characters that no piece has
    static UnigramPieces load(String resource, int unknown) {
        String text = new String(DataFiles.unpacked(resource), StandardCharsets.UTF_8);
        List<String> lines = List.of(text.split("\n", -1));
        Map<String, Piece> pieces = HashMap.newHashMap(lines.size());
        for (int id = 0; id < lines.size() - 1; id++) {
            String line = lines.get(id);
            int tab = line.lastIndexOf('\t');
            pieces.put(
                    line.substring(0, tab),
                    new Piece(id, Double.parseDouble(line.substring(tab + 1))));
        }
        return new UnigramPieces(pieces, unknown);
    }

    /// The ids of a word's pieces. Neighbouring unknown characters are one piece.
    int[] encode(String word) {
        int length = word.length();
        double[] score = new double[length + 1];
        int[] from = new int[length + 1];
        int[] id = new int[length + 1];
        Arrays.fill(from, NOWHERE);
        for (int start = 0; start < length; ) {
            int next = word.offsetByCodePoints(start, 1);
            boolean known = false;
            for (int end = next; end <= Math.min(length, start + longest); end++) {
                Piece piece = pieces.get(word.substring(start, end));
                if (piece != null) {
                    known |= end == next;
                    offer(piece, start, end, score, from, id);
                }
            }
            if (!known) {
                offer(unknown, start, next, score, from, id);
            }
            start = next;
        }
        return path(from, id);
    }

    private static void offer(
            Piece piece, int start, int end, double[] score, int[] from, int[] id) {
        double candidate = score[start] + piece.score();
        if (from[end] == NOWHERE || candidate > score[end]) {
            score[end] = candidate;
            from[end] = start;
            id[end] = piece.id();
        }
    }

    private int[] path(int[] from, int[] id) {
        IntStream.Builder backwards = IntStream.builder();
        int last = NOWHERE;
        for (int end = from.length - 1; end > 0; end = from[end]) {
            if (id[end] != unknown.id() || last != unknown.id()) {
                backwards.add(id[end]);
            }
            last = id[end];
        }
        int[] ids = backwards.build().toArray();
        for (int i = 0; i < ids.length / 2; i++) {
            int other = ids[ids.length - 1 - i];
            ids[ids.length - 1 - i] = ids[i];
            ids[i] = other;
        }
        return ids;
    }
}
