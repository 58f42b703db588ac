package comfyserverless.diffusion.text;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// SentencePiece's table of what characters are replaced by before a text is cut: a double-array trie (Darts) over their
/// UTF-8 bytes, then the replacements, each ended by a zero byte.
///
/// It is applied as the `tokenizers` library does: to a grapheme of fewer than six bytes as a whole, else to each of its
/// characters, and a key that is a prefix of what is looked up counts as found, the shortest first.
final class CharacterMap {

    private static final Pattern GRAPHEME = Pattern.compile("\\X");
    private static final int LONGEST_WHOLE = 5;
    private static final int LEAF = 1 << 8;
    private static final int WIDE_OFFSET = 1 << 9;
    private static final int OFFSET_SHIFT = 10;
    private static final int LABEL = 0x8000_00FF;
    private static final int VALUE = 0x7FFF_FFFF;

    private final int[] trie;
    private final byte[] replacements;

    private CharacterMap(int[] trie, byte[] replacements) {
        this.trie = trie;
        this.replacements = replacements;
    }

    static CharacterMap load(String resource) {
        ByteBuffer bytes =
                ByteBuffer.wrap(DataFiles.unpacked(resource)).order(ByteOrder.LITTLE_ENDIAN);
        int trieBytes = bytes.getInt();
        IntBuffer units =
                bytes.slice(Integer.BYTES, trieBytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        int[] trie = new int[units.remaining()];
        units.get(trie);
        byte[] replacements = new byte[bytes.remaining() - trieBytes];
        bytes.get(Integer.BYTES + trieBytes, replacements);
        return new CharacterMap(trie, replacements);
    }

    String apply(String text) {
        StringBuilder out = new StringBuilder(text.length());
        Matcher graphemes = GRAPHEME.matcher(text);
        while (graphemes.find()) {
            String grapheme = graphemes.group();
            Optional<String> whole =
                    grapheme.getBytes(StandardCharsets.UTF_8).length <= LONGEST_WHOLE
                            ? replacement(grapheme)
                            : Optional.empty();
            if (whole.isPresent()) {
                out.append(whole.get());
                continue;
            }
            grapheme.codePoints()
                    .mapToObj(Character::toString)
                    .forEach(one -> out.append(replacement(one).orElse(one)));
        }
        return out.toString();
    }

    private Optional<String> replacement(String key) {
        int at = offset(trie[0]);
        for (byte signed : key.getBytes(StandardCharsets.UTF_8)) {
            int label = signed & 0xFF;
            at ^= label;
            if (label == 0 || (trie[at] & LABEL) != label) {
                return Optional.empty();
            }
            int unit = trie[at];
            at ^= offset(unit);
            if ((unit & LEAF) != 0) {
                return Optional.of(text(trie[at] & VALUE));
            }
        }
        return Optional.empty();
    }

    private static int offset(int unit) {
        return (unit >>> OFFSET_SHIFT) << ((unit & WIDE_OFFSET) >>> 6);
    }

    private String text(int from) {
        int to = from;
        while (replacements[to] != 0) {
            to++;
        }
        return new String(Arrays.copyOfRange(replacements, from, to), StandardCharsets.UTF_8);
    }
}
