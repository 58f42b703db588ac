package comfyserverless.localstack.settings;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.account.Limits;
import comfyserverless.handlers.auth.AuthSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CommandLineTest {
    private static final Path HERE = Path.of("/here");
    private static final Path DATA = Path.of("/repo/localstack/data");

    private static CommandLine.Parsed parse(String... arguments) {
        return CommandLine.parse(List.of(arguments), HERE, DATA);
    }

    private static LocalSettings settings(String... arguments) {
        if (parse(arguments) instanceof CommandLine.Parsed.Run(LocalSettings settings)) {
            return settings;
        }
        throw new AssertionError(parse(arguments).toString());
    }

    @Test
    void without_flags_one_runner_answers_on_loopback() {
        LocalSettings settings = settings();
        assertThat(settings.listening())
                .isEqualTo(new LocalSettings.Listening(8188, "127.0.0.1", List.of()));
        assertThat(settings.folders().data()).isEqualTo(DATA);
        assertThat(settings.running())
                .isEqualTo(
                        new LocalSettings.Running(
                                1, Device.AUTO, new Cache.Classic(), true, 0, null));
        assertThat(settings.extras())
                .isEqualTo(
                        new LocalSettings.Extras(
                                null, false, Set.of(), Limits.none(), false, false, false));
        assertThat(settings.endpoint()).isNull();
    }

    @Test
    void every_flag_finds_its_place() {
        LocalSettings settings =
                settings(
                        "--port",
                        "9000",
                        "--listen=0.0.0.0",
                        "--trusted-origin",
                        "http://a",
                        "--trusted-origin",
                        "https://b:1",
                        "--data",
                        "d",
                        "--models",
                        "/m",
                        "--comfyui",
                        "../c",
                        "--input",
                        "i",
                        "--output",
                        "o",
                        "--runners",
                        "none",
                        "--device",
                        "cpu",
                        "--endpoint",
                        "http://h:4566",
                        "--node-packs",
                        "n",
                        "--web-root",
                        "w",
                        "--multi-user",
                        "--cache-lru",
                        "7",
                        "--shared-cache",
                        "2",
                        "--longest-wait",
                        "9",
                        "--auth",
                        "key,jwt",
                        "--binary-frames",
                        "--webhook-loopback",
                        "--disable-metadata",
                        "--faults",
                        "42");
        assertThat(settings)
                .isEqualTo(
                        new LocalSettings(
                                new LocalSettings.Listening(
                                        9000,
                                        "0.0.0.0",
                                        List.of(URI.create("http://a"), URI.create("https://b:1"))),
                                new LocalSettings.Folders(
                                        Path.of("/here/d"),
                                        Path.of("/m"),
                                        Path.of("/c"),
                                        Path.of("/here/i"),
                                        Path.of("/here/o"),
                                        Path.of("/here/w")),
                                new LocalSettings.Running(
                                        0,
                                        Device.CPU,
                                        new Cache.Lru(7),
                                        false,
                                        2L << 30,
                                        Duration.ofSeconds(9)),
                                new LocalSettings.Extras(
                                        Path.of("/here/n"),
                                        true,
                                        Set.of(AuthSettings.Mode.KEY, AuthSettings.Mode.JWT),
                                        Limits.none(),
                                        true,
                                        false,
                                        true),
                                URI.create("http://h:4566"),
                                42L));
    }

    @Test
    void conformance_switches_binary_frames_on() {
        assertThat(settings("--conformance").extras())
                .isEqualTo(
                        new LocalSettings.Extras(
                                null, false, Set.of(), Limits.none(), true, true, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --nope              | Unknown flag --nope: --help lists the known ones.
                    nope                | Unknown flag nope: --help lists the known ones.
                    --port              | --port needs a value: --port N.
                    --port x            | --port takes a number from 0 to 65535, not x.
                    --port 70000        | --port takes a number from 0 to 65535, not 70000.
                    --multi-user=yes    | --multi-user takes no value.
                    --device tpu        | --device takes auto, cpu or cuda, not tpu.
                    --endpoint here     | --endpoint takes an address such as http://host:4566, not here.
                    --listen everywhere | --listen takes an address such as 127.0.0.1 or 0.0.0.0, not everywhere.
                    --runners 0         | --runners takes a number from 1 to 64, not 0.
                    --auth basic        | --auth takes none, key, jwt or key,jwt, not basic.
                    --faults x          | --faults takes a number as its seed, not x.
                    --port 1 --port 2   | --port was given 2 times: give it once.
                    --cache-none --cache-lru 3 | Only one of --cache-classic, --cache-lru, --cache-ram and --cache-none can be given, not --cache-lru and --cache-none.
                    """)
    void a_mistake_is_answered_with_one_sentence(String arguments, String sentence) {
        assertThat(parse(arguments.split(" "))).isEqualTo(new CommandLine.Parsed.Refused(sentence));
    }

    @ParameterizedTest
    @EnumSource(Flag.class)
    void help_lists_every_flag(Flag flag) {
        assertThat(parse("--help"))
                .isInstanceOfSatisfying(
                        CommandLine.Parsed.Help.class,
                        help ->
                                assertThat(help.text())
                                        .contains("  " + flag.text())
                                        .contains(flag.help()));
    }
}
