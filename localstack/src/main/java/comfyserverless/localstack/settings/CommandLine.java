package comfyserverless.localstack.settings;

import comfyserverless.contract.account.Limits;
import comfyserverless.handlers.auth.AuthSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the command line, purely: it looks at no file and prints nothing.
public final class CommandLine {
    private static final int DEFAULT_PORT = 8188;
    private static final int LONGEST_WAIT = 36_000;
    private static final int MAX_PORT = 65535;
    private static final int MAX_RUNNERS = 64;
    private static final int MOST_GIGABYTES = 1024;

    private final Map<Flag, List<String>> given = new EnumMap<>(Flag.class);

    private CommandLine() {}

    /// What the command line asks for.
    public sealed interface Parsed {
        record Run(LocalSettings settings) implements Parsed {}

        record Help(String text) implements Parsed {}

        /// It cannot be followed; the sentence says why and what to do.
        record Refused(String sentence) implements Parsed {}
    }

    /// Thrown and caught in this class.
    private static final class Mistake extends RuntimeException {
        Mistake(String sentence) {
            super(sentence);
        }

        String sentence() {
            return Objects.requireNonNull(getMessage());
        }
    }

    /// Relative folders are taken from `workingFolder`; `defaultData` is used without `--data`.
    public static Parsed parse(List<String> arguments, Path workingFolder, Path defaultData) {
        try {
            CommandLine line = new CommandLine();
            line.collect(arguments);
            if (line.has(Flag.HELP)) {
                return new Parsed.Help(help());
            }
            return new Parsed.Run(line.settings(workingFolder, defaultData));
        } catch (Mistake e) {
            return new Parsed.Refused(e.sentence());
        }
    }

    private void collect(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String name = equals < 0 ? argument : argument.substring(0, equals);
            Flag flag =
                    Flag.named(name)
                            .orElseThrow(() ->
                                    new Mistake(
                                            "Unknown flag "
                                                    + name
                                                    + ": --help lists the known ones."));
            List<String> values = given.computeIfAbsent(flag, _ -> new ArrayList<>());
            if (flag.argument() == null) {
                if (equals >= 0) {
                    throw new Mistake(name + " takes no value.");
                }
                values.add("");
            } else if (equals >= 0) {
                values.add(argument.substring(equals + 1));
            } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
                values.add(arguments.get(++i));
            } else {
                throw new Mistake(name + " needs a value: " + name + " " + flag.argument() + ".");
            }
        }
        given.forEach(CommandLine::checkOnce);
    }

    private static void checkOnce(Flag flag, List<String> values) {
        if (values.size() > 1 && flag != Flag.TRUSTED_ORIGIN) {
            throw new Mistake(
                    flag.text() + " was given " + values.size() + " times: give it once.");
        }
    }

    private boolean has(Flag flag) {
        return given.containsKey(flag);
    }

    private @Nullable String value(Flag flag) {
        List<String> values = given.get(flag);
        return values == null ? null : values.getFirst();
    }

    private LocalSettings settings(Path workingFolder, Path defaultData) {
        Path data = folder(Flag.DATA, workingFolder);
        LocalSettings.Folders folders =
                new LocalSettings.Folders(
                        data == null ? defaultData : data,
                        folder(Flag.MODELS, workingFolder),
                        folder(Flag.COMFYUI, workingFolder),
                        folder(Flag.INPUT, workingFolder),
                        folder(Flag.OUTPUT, workingFolder),
                        folder(Flag.WEB_ROOT, workingFolder));
        boolean conformance = has(Flag.CONFORMANCE);
        LocalSettings.Extras extras =
                new LocalSettings.Extras(
                        folder(Flag.NODE_PACKS, workingFolder),
                        has(Flag.MULTI_USER),
                        auth(),
                        limits(),
                        has(Flag.BINARY_FRAMES) || conformance,
                        conformance,
                        has(Flag.WEBHOOK_LOOPBACK));
        String endpoint = value(Flag.ENDPOINT);
        return new LocalSettings(
                listening(),
                folders,
                new LocalSettings.Running(
                        runners(),
                        device(),
                        cache(),
                        !has(Flag.DISABLE_METADATA),
                        sharedCache(),
                        longestWait()),
                extras,
                endpoint == null ? null : url(Flag.ENDPOINT, endpoint),
                faultSeed());
    }

    private LocalSettings.Listening listening() {
        String port = value(Flag.PORT);
        List<URI> origins = new ArrayList<>();
        for (String origin : given.getOrDefault(Flag.TRUSTED_ORIGIN, List.of())) {
            origins.add(url(Flag.TRUSTED_ORIGIN, origin));
        }
        return new LocalSettings.Listening(
                port == null ? DEFAULT_PORT : number(Flag.PORT, port, 0, MAX_PORT),
                address(),
                origins);
    }

    private String address() {
        String address = value(Flag.LISTEN);
        if (address == null) {
            return "127.0.0.1";
        }
        try {
            return InetAddress.ofLiteral(address).getHostAddress();
        } catch (IllegalArgumentException e) {
            if (address.equals("localhost")) {
                return "127.0.0.1";
            }
            throw new Mistake(
                    "--listen takes an address such as 127.0.0.1 or 0.0.0.0, not " + address + ".");
        }
    }

    private static int number(Flag flag, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new Mistake(
                    flag.text()
                            + " takes a number from "
                            + least
                            + " to "
                            + most
                            + ", not "
                            + text
                            + ".");
        }
        throw new Mistake(
                flag.text()
                        + " takes a number from "
                        + least
                        + " to "
                        + most
                        + ", not "
                        + text
                        + ".");
    }

    private static URI url(Flag flag, String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new Mistake(
                    flag.text() + " takes an address such as http://host:4566, not " + text + ".");
        }
        throw new Mistake(
                flag.text() + " takes an address such as http://host:4566, not " + text + ".");
    }

    private @Nullable Path folder(Flag flag, Path workingFolder) {
        String text = value(flag);
        if (text == null) {
            return null;
        }
        try {
            return workingFolder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new Mistake(flag.text() + " takes a folder, not " + text + ".");
        }
    }

    private int runners() {
        String text = value(Flag.RUNNERS);
        if (text == null) {
            return 1;
        }
        return text.equals("none") ? 0 : number(Flag.RUNNERS, text, 1, MAX_RUNNERS);
    }

    private @Nullable Duration longestWait() {
        String text = value(Flag.LONGEST_WAIT);
        return text == null
                ? null
                : Duration.ofSeconds(number(Flag.LONGEST_WAIT, text, 1, LONGEST_WAIT));
    }

    private Set<AuthSettings.Mode> auth() {
        String text = value(Flag.AUTH);
        try {
            return text == null ? Set.of() : AuthSettings.modes(text);
        } catch (IllegalArgumentException e) {
            throw new Mistake("--auth takes none, key, jwt or key,jwt, not " + text + ".");
        }
    }

    private Limits limits() {
        String text = value(Flag.LIMITS);
        try {
            return Limits.parse(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw new Mistake("--limits: " + e.getMessage() + ".");
        }
    }

    private Device device() {
        String text = value(Flag.DEVICE);
        if (text == null) {
            return Device.AUTO;
        }
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "auto" -> Device.AUTO;
            case "cpu" -> Device.CPU;
            case "cuda" -> Device.CUDA;
            default -> throw new Mistake("--device takes auto, cpu or cuda, not " + text + ".");
        };
    }

    private Cache cache() {
        List<Flag> chosen =
                given.keySet().stream()
                        .filter(f ->
                                f == Flag.CACHE_CLASSIC
                                        || f == Flag.CACHE_LRU
                                        || f == Flag.CACHE_RAM
                                        || f == Flag.CACHE_NONE)
                        .toList();
        if (chosen.size() > 1) {
            throw new Mistake(
                    "Only one of --cache-classic, --cache-lru, --cache-ram and --cache-none can be given, not "
                            + chosen.get(0).text()
                            + " and "
                            + chosen.get(1).text()
                            + ".");
        }
        String entries = value(Flag.CACHE_LRU);
        if (entries != null) {
            int most = number(Flag.CACHE_LRU, entries, 0, Integer.MAX_VALUE);
            return most == 0 ? new Cache.Classic() : new Cache.Lru(most);
        }
        String gigabytes = value(Flag.CACHE_RAM);
        if (gigabytes != null) {
            return new Cache.FreeMemory(
                    (long) number(Flag.CACHE_RAM, gigabytes, 1, MOST_GIGABYTES) << 30);
        }
        return has(Flag.CACHE_NONE) ? new Cache.None() : new Cache.Classic();
    }

    private long sharedCache() {
        String gigabytes = value(Flag.SHARED_CACHE);
        return gigabytes == null
                ? 0
                : (long) number(Flag.SHARED_CACHE, gigabytes, 0, MOST_GIGABYTES) << 30;
    }

    private @Nullable Long faultSeed() {
        String text = value(Flag.FAULTS);
        if (text == null) {
            return null;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new Mistake("--faults takes a number as its seed, not " + text + ".");
        }
    }

    static String help() {
        StringBuilder text =
                new StringBuilder("localstack/run [flags]: comfy-serverless on this machine\n\n");
        for (Flag flag : Flag.values()) {
            String usage =
                    flag.argument() == null ? flag.text() : flag.text() + " " + flag.argument();
            text.append("  ").append("%-24s".formatted(usage)).append(flag.help()).append('\n');
        }
        return text.toString();
    }
}
