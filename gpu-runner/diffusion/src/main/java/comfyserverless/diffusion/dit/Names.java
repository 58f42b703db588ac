package comfyserverless.diffusion.dit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Builds lists of weight names.
final class Names {

    private Names() {}

    /// `modules` under `start`, each with `.weight` and `.bias`.
    static List<String> withBiases(String start, String... modules) {
        return Stream.of(modules)
                .flatMap(module -> Stream.of(start + module + ".weight", start + module + ".bias"))
                .toList();
    }

    @SafeVarargs
    static List<String> joined(List<String>... parts) {
        List<String> names = new ArrayList<>();
        for (List<String> part : parts) {
            names.addAll(part);
        }
        return names;
    }
}
