package comfyserverless.infrastructure.doctor;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The settings of a deployment as flags give them, `-c NAME=VALUE` each, as the `cdk` command takes them.
/// It notices which names nobody asks for: the `cdk` command would pass over them in silence.
final class GivenSettings implements Function<String, @Nullable Object> {
    private static final Set<String> FLAGS = Set.of("-c", "--context");

    private final Map<String, String> values;
    private final Set<String> asked = new HashSet<>();

    private GivenSettings(Map<String, String> values) {
        this.values = values;
    }

    /// @throws IllegalArgumentException for anything else, with what is expected
    static GivenSettings parse(List<String> flags) {
        Map<String, String> values = new TreeMap<>();
        for (int i = 0; i < flags.size(); i += 2) {
            String setting = i + 1 < flags.size() ? flags.get(i + 1) : "";
            int equals = setting.indexOf('=');
            if (!FLAGS.contains(flags.get(i)) || equals < 1) {
                throw new IllegalArgumentException(
                        "\"%s\" is no setting: give those of docs/deploy.md, for example -c instanceType=g6.xlarge -c maxRunners=2"
                                .formatted((flags.get(i) + " " + setting).strip()));
            }
            values.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new GivenSettings(values);
    }

    @Override
    public @Nullable Object apply(String name) {
        asked.add(name);
        return values.get(name);
    }

    /// A sentence for each name that means nothing; once the settings have been read.
    List<Finding> findings() {
        return values.keySet().stream()
                .filter(name -> !asked.contains(name))
                .map(name ->
                        Finding.trouble(
                                "-c %s=%s would do nothing: docs/deploy.md has no such setting."
                                        .formatted(name, values.get(name))))
                .toList();
    }
}
