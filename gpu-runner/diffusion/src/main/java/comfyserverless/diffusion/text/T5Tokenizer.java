package comfyserverless.diffusion.text;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// T5's tokenizer: characters replaced by SentencePiece's table, words told by the mark ▁ at their start, each cut into
/// the likeliest pieces (T5TokenizerFast of transformers).
public final class T5Tokenizer implements Tokenizer {

    /// The token that ends a text.
    public static final int END = 1;

    private static final int PADDING = 0;
    private static final int UNKNOWN = 2;
    private static final int LAST_EXTRA = 32_099;
    private static final char MARK = '▁';
    private static final Pattern SPECIAL =
            Pattern.compile("<pad>|</s>|<unk>|<extra_id_([1-9]?[0-9])>");
    private static final Pattern SEVERAL_SPACES = Pattern.compile(" {2,}");
    private static final Pattern WORD = Pattern.compile("▁?[^▁]+|▁");

    private final CharacterMap characters;
    private final UnigramPieces pieces;

    private T5Tokenizer(CharacterMap characters, UnigramPieces pieces) {
        this.characters = characters;
        this.pieces = pieces;
    }

    /// The tokenizer with T5's vocabulary, which is read from the class path once.
    public static T5Tokenizer standard() {
        return Standard.INSTANCE;
    }

    @Override
    public int[] encode(String text) {
        IntStream.Builder ids = IntStream.builder();
        Matcher special = SPECIAL.matcher(text);
        int from = 0;
        while (special.find()) {
            encodeWords(text.substring(from, special.start()), from == 0, ids);
            ids.add(specialId(special));
            from = special.end();
        }
        encodeWords(text.substring(from), from == 0, ids);
        return ids.build().toArray();
    }

    private static int specialId(Matcher special) {
        return switch (special.group()) {
            case "<pad>" -> PADDING;
            case "</s>" -> END;
            case "<unk>" -> UNKNOWN;
            default -> LAST_EXTRA - Integer.parseInt(special.group(1));
        };
    }

    /// @param first whether the text begins here, so that its first word is marked too
    private void encodeWords(String text, boolean first, IntStream.Builder ids) {
        String stripped = stripEnd(characters.apply(text));
        String marked = SEVERAL_SPACES.matcher(stripped).replaceAll("▁").replace(' ', MARK);
        boolean unmarked = first && !marked.isEmpty() && marked.charAt(0) != MARK;
        Matcher word = WORD.matcher(unmarked ? MARK + marked : marked);
        while (word.find()) {
            Arrays.stream(pieces.encode(word.group())).forEach(ids::add);
        }
    }

    private static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && Whitespace.is(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    private static final class Standard {
        static final T5Tokenizer INSTANCE =
                new T5Tokenizer(
                        CharacterMap.load("t5-characters.bin.gz"),
                        UnigramPieces.load("t5-pieces.tsv.gz", UNKNOWN));
    }
}
