package comfyserverless.diffusion.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// CLIP's byte-pair vocabulary: 256 bytes, the same 256 ending a word, one token per merge, start and end; 49,408 in
/// all. A merge that stands earlier in the list is done first and has the lower token id.
final class BytePairs {

    private static final String RESOURCE = "clip-merges.txt.gz";
    private static final String WORD_END = "</w>";
    private static final int BYTES = 256;
    private static final int FIRST_MERGE = 2 * BYTES;

    /// Token id of each byte.
    private final int[] byteIds;

    /// (left id, right id) → id of the two joined.
    private final Map<Long, Integer> merges;

    private BytePairs(int[] byteIds, Map<Long, Integer> merges) {
        this.byteIds = byteIds;
        this.merges = merges;
    }

    static BytePairs load() {
        try (InputStream resource = BytePairs.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(
                        "no resource " + RESOURCE + " beside " + BytePairs.class.getName());
            }
            return read(
                    new BufferedReader(
                            new InputStreamReader(
                                    new GZIPInputStream(resource), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + RESOURCE + " does not read", e);
        }
    }

    /// Tokens of one word (its UTF-8 bytes); the last one ends it.
    int[] encode(byte[] word) {
        int[] ids = new int[word.length];
        for (int i = 0; i < word.length; i++) {
            ids[i] = byteIds[word[i] & 0xFF];
        }
        ids[ids.length - 1] += BYTES;
        int length = ids.length;
        while (length > 1) {
            int best = lowestMerge(ids, length);
            if (best == Integer.MAX_VALUE) {
                break;
            }
            length = merge(ids, length, best);
        }
        return Arrays.copyOf(ids, length);
    }

    int size() {
        return FIRST_MERGE + merges.size();
    }

    private int lowestMerge(int[] ids, int length) {
        int best = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < length; i++) {
            Integer merged = merges.get(pair(ids[i], ids[i + 1]));
            if (merged != null && merged < best) {
                best = merged;
            }
        }
        return best;
    }

    /// Joins every pair that makes `merged`, from the left; gives the new length.
    private int merge(int[] ids, int length, int merged) {
        int out = 0;
        for (int i = 0; i < length; i++) {
            Integer joined = i + 1 < length ? merges.get(pair(ids[i], ids[i + 1])) : null;
            if (joined != null && joined == merged) {
                ids[out++] = merged;
                i++;
            } else {
                ids[out++] = ids[i];
            }
        }
        return out;
    }

    private static BytePairs read(BufferedReader lines) throws IOException {
        int[] byteIds = new int[BYTES];
        Map<String, Integer> idOf = new HashMap<>();
        int id = 0;
        for (int pass = 0; pass < 2; pass++) { // printable bytes come first
            for (int b = 0; b < BYTES; b++) {
                if (isPrintable(b) == (pass == 0)) {
                    String symbol =
                            pass == 0 ? String.valueOf((char) b) : String.valueOf((char) (id + 68));
                    byteIds[b] = id;
                    idOf.put(symbol, id);
                    idOf.put(symbol + WORD_END, id + BYTES);
                    id++;
                }
            }
        }
        Map<Long, Integer> merges = new HashMap<>();
        int next = FIRST_MERGE;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int space = line.indexOf(' ');
            String left = line.substring(0, space);
            String right = line.substring(space + 1);
            merges.put(pair(known(idOf, left, line), known(idOf, right, line)), next);
            idOf.put(left + right, next++);
        }
        return new BytePairs(byteIds, merges);
    }

    private static int known(Map<String, Integer> idOf, String symbol, String line) {
        Integer id = idOf.get(symbol);
        if (id == null) {
            throw new IllegalStateException(
                    "the merge '" + line + "' uses a symbol that no earlier line makes");
        }
        return id;
    }

    /// Bytes that the merge list writes as the Latin-1 character of the same number; the others are written as the
    /// characters from U+0100 on, in order.
    private static boolean isPrintable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
    }

    private static long pair(int left, int right) {
        return ((long) left << 32) | right;
    }
}
