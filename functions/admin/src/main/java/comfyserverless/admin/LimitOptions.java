package comfyserverless.admin;

import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that limit a tenant.
final class LimitOptions {
    @Option(names = "--pending", paramLabel = "NUMBER", description = "prompts that wait at once")
    @Nullable String pending;

    @Option(names = "--running", paramLabel = "NUMBER", description = "prompts that run at once")
    @Nullable String running;

    @Option(names = "--requests", paramLabel = "NUMBER", description = "requests a minute")
    @Nullable String requests;

    @Option(
            names = "--gpu-seconds",
            paramLabel = "TIME",
            description = "time of runners a day: 3600, 90m or 2h")
    @Nullable String gpuSeconds;

    @Option(
            names = "--storage",
            paramLabel = "SIZE",
            description = "input and output files together: 500MB, 10GB or 1TB")
    @Nullable String storage;

    @Option(names = "--connections", paramLabel = "NUMBER", description = "open sockets")
    @Nullable String connections;

    @Option(
            names = "--retention",
            paramLabel = "DAYS",
            description = "how long history and files are kept: 30d")
    @Nullable String retention;

    @Option(
            names = "--results",
            paramLabel = "SIZE",
            description = "results of nodes that runners share")
    @Nullable String results;

    /// The limits that were given.
    ///
    /// @throws IllegalArgumentException with a sentence, for a value that is none
    Limits given() {
        Map<Limit, Long> values = new EnumMap<>(Limit.class);
        for (Limit limit : Limit.values()) {
            String text = text(limit);
            if (text != null) {
                values.put(limit, value(limit, text));
            }
        }
        return new Limits(values);
    }

    private @Nullable String text(Limit limit) {
        return switch (limit) {
            case PENDING -> pending;
            case RUNNING -> running;
            case REQUESTS -> requests;
            case GPU_SECONDS -> gpuSeconds;
            case STORAGE -> storage;
            case CONNECTIONS -> connections;
            case RETENTION -> retention;
            case RESULTS -> results;
        };
    }

    private static long value(Limit limit, String text) {
        String option = "--" + limit.word();
        return switch (limit) {
            case PENDING, RUNNING, REQUESTS, CONNECTIONS -> Amount.number(option, text);
            case GPU_SECONDS -> Amount.seconds(option, text);
            case STORAGE, RESULTS -> Amount.bytes(option, text);
            case RETENTION -> Amount.days(option, text);
        };
    }

    /// A limit's value for people.
    static String shown(Limit limit, long value) {
        return switch (limit) {
            case PENDING, RUNNING, CONNECTIONS -> String.valueOf(value);
            case REQUESTS -> value + " a minute";
            case GPU_SECONDS -> Amount.time(value) + " a day";
            case STORAGE, RESULTS -> Amount.size(value);
            case RETENTION -> value == 1 ? "1 day" : value + " days";
        };
    }

    /// The limits of these names.
    static Set<Limit> named(@Nullable List<String> names) {
        Set<Limit> limits = EnumSet.noneOf(Limit.class);
        for (String name : names == null ? List.<String>of() : names) {
            limits.add(Limit.of(name));
        }
        return limits;
    }
}
