package comfyserverless.localstack.start;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.localstack.settings.CommandLine;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BannerTest {
    private static String banner(Optional<String> firstKey, String... flags) {
        Path data = Path.of("/data");
        return CommandLine.parse(List.of(flags), data, data)
                        instanceof CommandLine.Parsed.Run(var settings)
                ? Banner.running(settings, URI.create("http://127.0.0.1:8188"), firstKey)
                : "";
    }

    @Test
    void the_first_key_is_shown_once_and_later_how_to_make_another() {
        assertThat(banner(Optional.of("csk_first"), "--auth", "key")).contains("csk_first");
        assertThat(banner(Optional.empty(), "--auth", "key,jwt"))
                .contains("comfy-admin --data /data key create");
    }

    @Test
    void where_no_key_is_taken_none_is_spoken_of() {
        assertThat(banner(Optional.empty())).contains("answers on").doesNotContain("key");
        assertThat(banner(Optional.empty(), "--auth", "jwt")).doesNotContain("key");
    }
}
