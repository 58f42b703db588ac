package comfyserverless.runner.run;

/// Which results of nodes a runner keeps for the next prompt (ComfyUI's --cache-… flags).
public sealed interface CacheMode {
    /// Those of the last prompt.
    record Classic() implements CacheMode {}

    /// Those used last, at most so many besides the ones of the last prompt.
    record Lru(int entries) implements CacheMode {
        public Lru {
            if (entries < 1) {
                throw new IllegalArgumentException(
                        "a cache of " + entries + " results: at least 1");
            }
        }
    }

    /// As many as leave so much of the heap free, in bytes; what was used longest ago goes first.
    record FreeMemory(long headroom) implements CacheMode {
        public FreeMemory {
            if (headroom < 1) {
                throw new IllegalArgumentException(
                        "a cache that leaves " + headroom + " bytes free: at least 1");
            }
        }
    }

    /// None: a result goes when the last node that waits for it has run.
    record None() implements CacheMode {}

    /// Reads `classic`, `none`, `lru:N` or `ram:GIGABYTES`.
    ///
    /// @throws IllegalArgumentException if it is none of them
    static CacheMode parse(String text) {
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        try {
            double number = colon < 0 ? 0 : Double.parseDouble(text.substring(colon + 1));
            switch (word) {
                case "classic" -> {
                    return new Classic();
                }
                case "none" -> {
                    return new None();
                }
                case "lru" -> {
                    return number == 0 && colon > 0 ? new Classic() : new Lru((int) number);
                }
                case "ram" -> {
                    return new FreeMemory((long) (number * (1L << 30)));
                }
                default -> {}
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has no number behind the colon", e);
        }
        throw new IllegalArgumentException(
                "a cache is classic, none, lru:N or ram:GIGABYTES, not \"" + text + "\"");
    }
}
