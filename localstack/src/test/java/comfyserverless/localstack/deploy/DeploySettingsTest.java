package comfyserverless.localstack.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploySettingsTest {
    private static DeploySettings parse(String... flags) {
        return DeploySettings.parse(List.of(flags), Path.of("/root"));
    }

    @Test
    void without_flags_a_localstack_at_its_usual_place_is_meant() {
        DeploySettings settings = parse();
        assertThat(settings.emulator()).isEqualTo(Emulator.LOCALSTACK);
        assertThat(settings.endpoint()).isEqualTo(URI.create("http://127.0.0.1:4566"));
        assertThat(settings.inside()).isEqualTo(settings.endpoint());
    }

    @Test
    void functions_in_containers_reach_the_emulator_by_another_name() {
        DeploySettings settings =
                parse("--endpoint", "http://127.0.0.1:4570", "--inside", "http://localstack:4566");
        assertThat(settings.endpoint()).isEqualTo(URI.create("http://127.0.0.1:4570"));
        assertThat(settings.inside()).isEqualTo(URI.create("http://localstack:4566"));
        assertThat(parse("--ministack").emulator()).isEqualTo(Emulator.MINISTACK);
    }

    @Test
    void webhooks_call_the_emulators_machine_only_if_asked_to() {
        assertThat(parse().webhookLoopback()).isFalse();
        assertThat(parse("--webhook-loopback").webhookLoopback()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--endpoint", "--inside", "--endpoint here", "--token x"})
    void a_wrong_flag_is_told_with_how_it_should_be(String flags) {
        assertThatThrownBy(() -> parse(flags.split(" ", -1)))
                .hasMessageContaining(flags.split(" ", -1)[0])
                .hasMessageContaining("localstack/deploy [--endpoint URL]");
    }
}
