package comfyserverless.contract.prompt;

import comfyserverless.contract.node.NodeDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds the node classes whose names are near to one that does not exist: misspelt by some letters, made
/// of the same words in another order, or the name that pages show.
final class NearNames {
    private static final int MOST = 5;

    /// Of 0..1: one for the same letters, or the same words.
    private static final double NEAR = 0.5;

    /// Longer names are compared by their beginnings.
    private static final int LONGEST = 80;

    private static final Pattern WORD =
            Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\\x00-\\x7f]+");

    /// A class that there is, with the name that pages show.
    record Known(String className, String displayName) {}

    private record Scored(Known known, double score) {}

    private record Spelling(String letters, Set<String> words) {
        static Spelling of(String name) {
            String start = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
            Set<String> words = new HashSet<>();
            WORD.matcher(start)
                    .results()
                    .forEach(word -> words.add(word.group().toLowerCase(Locale.ROOT)));
            String letters = start.toLowerCase(Locale.ROOT).replaceAll("[\\s_.-]", "");
            return new Spelling(letters, words);
        }

        double nearness(Spelling other) {
            return Math.max(sameLetters(other), sameWords(other));
        }

        private double sameLetters(Spelling other) {
            int longer = Math.max(letters.length(), other.letters.length());
            return longer == 0 ? 0 : 1 - (double) edits(letters, other.letters) / longer;
        }

        private double sameWords(Spelling other) {
            Set<String> both = new HashSet<>(words);
            both.retainAll(other.words);
            int all = words.size() + other.words.size() - both.size();
            return all == 0 ? 0 : (double) both.size() / all;
        }
    }

    private record Named(Known known, List<Spelling> spellings) {}

    private final List<Named> all;

    private NearNames(List<Named> all) {
        this.all = all;
    }

    static NearNames of(Collection<NodeDefinition> definitions) {
        List<Named> all = new ArrayList<>();
        for (NodeDefinition definition : definitions) {
            String name = definition.className();
            String shown = definition.presentation().displayName();
            Known known = new Known(name, shown == null ? name : shown);
            all.add(new Named(known, List.of(Spelling.of(name), Spelling.of(known.displayName()))));
        }
        return new NearNames(all);
    }

    /// Those near to a name, the nearest first.
    List<Known> to(String name) {
        Spelling asked = Spelling.of(name);
        return all.stream()
                .map(named -> new Scored(named.known(), nearness(asked, named)))
                .filter(scored -> scored.score() >= NEAR)
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .limit(MOST)
                .map(Scored::known)
                .toList();
    }

    private static double nearness(Spelling asked, Named named) {
        return named.spellings().stream().mapToDouble(asked::nearness).max().orElse(0);
    }

    /// Letters put in, left out or changed, and neighbours swapped (optimal string alignment).
    static int edits(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        Arrays.setAll(above, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            before = above;
            above = row;
        }
        return above[b.length()];
    }
}
