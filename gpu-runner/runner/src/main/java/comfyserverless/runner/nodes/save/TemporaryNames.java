package comfyserverless.runner.nodes.save;

import java.util.random.RandomGenerator;

/// How the names of temporary files differ from one another.
public final class TemporaryNames {
    private static final int LETTERS = 5;

    private TemporaryNames() {}

    /// `_temp_` and five small letters.
    public static String suffix(RandomGenerator random) {
        StringBuilder suffix = new StringBuilder("_temp_");
        for (int i = 0; i < LETTERS; i++) {
            suffix.append((char) ('a' + random.nextInt(26)));
        }
        return suffix.toString();
    }
}
