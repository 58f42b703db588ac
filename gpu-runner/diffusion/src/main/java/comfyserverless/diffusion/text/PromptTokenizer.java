package comfyserverless.diffusion.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a prompt to chunks of weighted tokens, each as long as the text encoder takes (`SDTokenizer`, ComfyUI 0.3.64).
///
/// A stretch of text of one weight with fewer than eight tokens is never cut in two: it moves to the next chunk whole.
public final class PromptTokenizer {

    private static final Logger LOG = LoggerFactory.getLogger(PromptTokenizer.class);
    private static final String EMBEDDING = "embedding:";
    private static final Pattern BEFORE_EMBEDDING = Pattern.compile("[ \n](?=" + EMBEDDING + ")");
    private static final int LONG_GROUP = 8;

    private final Tokenizer tokenizer;
    private final Layout layout;
    private final Embeddings embeddings;

    public PromptTokenizer(Tokenizer tokenizer, Layout layout, Embeddings embeddings) {
        this.tokenizer = tokenizer;
        this.layout = layout;
        this.embeddings = embeddings;
    }

    /// How one text encoder wants its input.
    ///
    /// @param encoder its name in files of textual inversions
    /// @param width numbers per token vector
    /// @param chunk tokens per chunk at most, start and end included
    /// @param shortest tokens to which a chunk is padded
    /// @param marks what stands around the words
    public record Layout(String encoder, int width, int chunk, int shortest, Marks marks) {

        private static final int CLIP_CHUNK = 77;
        private static final int T5_PADDING = 0;

        /// CLIP-L of Stable Diffusion 1.x and XL: 77 tokens, padded with the end token.
        public static Layout clipL(int width) {
            return clip("clip_l", width, ClipTokenizer.END);
        }

        /// OpenCLIP-G of SDXL: 77 tokens, padded with 0.
        public static Layout clipG(int width) {
            return clip("clip_g", width, 0);
        }

        /// OpenCLIP-H of Stable Diffusion 2.x: 77 tokens, padded with 0.
        public static Layout clipH(int width) {
            return clip("clip_h", width, 0);
        }

        /// T5: one chunk as long as the prompt, no start token, padded with 0.
        ///
        /// @param shortest 256 for Flux, 77 for Stable Diffusion 3
        public static Layout t5(int width, int shortest) {
            Marks marks = new Marks(OptionalInt.empty(), T5Tokenizer.END, T5_PADDING);
            return new Layout("t5xxl", width, Integer.MAX_VALUE, shortest, marks);
        }

        /// One of CLIP's text encoders: 77 tokens.
        ///
        /// @param padding the token behind the end
        public static Layout clip(String encoder, int width, int padding) {
            Marks marks =
                    new Marks(OptionalInt.of(ClipTokenizer.START), ClipTokenizer.END, padding);
            return new Layout(encoder, width, CLIP_CHUNK, CLIP_CHUNK, marks);
        }
    }

    /// Tokens around the words of a chunk: one at its start, if there is one, one at its end, and what comes after.
    public record Marks(OptionalInt start, int end, int padding) {}

    /// Chunks of a prompt; at least one, each full.
    public List<List<WeightedToken>> tokenize(String prompt) {
        Chunks chunks = new Chunks(layout);
        int word = 0;
        for (PromptWeights.Segment segment : PromptWeights.parse(prompt)) {
            for (List<Token> group : groups(segment.text())) {
                chunks.add(weighted(group, segment.weight(), ++word));
            }
        }
        return chunks.finish();
    }

    /// The groups of a segment: the text before each embedding, the embedding's vectors, what follows its name.
    private List<List<Token>> groups(String text) {
        List<List<Token>> groups = new ArrayList<>();
        for (String part : BEFORE_EMBEDDING.split(text, -1)) {
            if (part.startsWith(EMBEDDING)) {
                embedding(part.substring(EMBEDDING.length()), groups);
            } else if (!part.isEmpty()) {
                groups.add(encode(part));
            }
        }
        return groups;
    }

    private void embedding(String text, List<List<Token>> groups) {
        List<String> words = Whitespace.split(text);
        String name = words.isEmpty() ? "" : words.getFirst();
        String rest = words.size() < 2 ? "" : String.join(" ", words.subList(1, words.size()));
        Optional<float[][]> vectors = find(name);
        if (vectors.isEmpty() && !stripCommas(name).equals(name)) {
            String bare = stripCommas(name);
            vectors = find(bare);
            rest = name.substring(bare.length()) + " " + rest;
        }
        if (vectors.isPresent()) {
            groups.add(Arrays.stream(vectors.get()).<Token>map(Token.Vector::new).toList());
        } else {
            LOG.warn("embedding '{}' does not exist; its name is left out of the prompt", name);
        }
        if (!rest.isEmpty()) {
            groups.add(encode(rest));
        }
    }

    private Optional<float[][]> find(String name) {
        return name.isEmpty()
                ? Optional.empty()
                : embeddings.find(name, layout.encoder(), layout.width());
    }

    private static String stripCommas(String name) {
        return name.replaceAll("^,+|,+$", "");
    }

    private List<Token> encode(String text) {
        return Arrays.stream(tokenizer.encode(text)).<Token>mapToObj(Token.Id::new).toList();
    }

    private static List<WeightedToken> weighted(List<Token> tokens, double weight, int word) {
        return tokens.stream().map(token -> new WeightedToken(token, weight, word)).toList();
    }

    /// Fills chunk after chunk.
    private static final class Chunks {

        private final Layout layout;
        private final List<List<WeightedToken>> full = new ArrayList<>();
        private List<WeightedToken> current;

        Chunks(Layout layout) {
            this.layout = layout;
            this.current = begin(layout);
        }

        void add(List<WeightedToken> group) {
            boolean mayBeCut = group.size() >= LONG_GROUP;
            List<WeightedToken> rest = group;
            while (rest.size() > room()) {
                if (mayBeCut) {
                    int fitting = room();
                    current.addAll(rest.subList(0, fitting));
                    rest = rest.subList(fitting, rest.size());
                }
                close();
                current = begin(layout);
            }
            current.addAll(rest);
        }

        List<List<WeightedToken>> finish() {
            close();
            return full;
        }

        /// Tokens that still fit before the end token.
        private int room() {
            return layout.chunk() - 1 - current.size();
        }

        private void close() {
            current.add(WeightedToken.special(layout.marks().end()));
            while (current.size() < layout.shortest()) {
                current.add(WeightedToken.special(layout.marks().padding()));
            }
            full.add(List.copyOf(current));
        }

        private static List<WeightedToken> begin(Layout layout) {
            List<WeightedToken> chunk = new ArrayList<>();
            layout.marks().start().ifPresent(id -> chunk.add(WeightedToken.special(id)));
            return chunk;
        }
    }
}
