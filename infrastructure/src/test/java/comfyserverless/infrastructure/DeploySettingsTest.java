package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

class DeploySettingsTest {
    @BeforeEach
    void needs_node() {
        assumeTrue(Node.find(System.getenv()).isPresent(), Node.MISSING);
    }

    private static DeploySettings read(Map<String, Object> context) {
        return DeploySettings.from(new App(AppProps.builder().context(context).build()).getNode());
    }

    @Test
    void nothing_must_be_chosen() {
        DeploySettings settings = read(Map.of());
        assertThat(settings.prefix()).isEqualTo("comfy");
        assertThat(settings.functions()).isNull();
        assertThat(settings.runner().most()).isEqualTo(2);
        assertThat(settings.runner().image()).isNull();
        assertThat(settings.web().domain()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "maxRunners, many",
        "maxRunners, 0",
        "spot, maybe",
        "webRoot, no/such/folder",
        "functions, no/such.zip"
    })
    void a_wrong_value_is_told_with_its_name(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .hasMessageContaining("-c " + name + "=" + value)
                .hasMessageContaining("docs/deploy.md");
    }

    @Test
    void callers_need_a_key_unless_something_else_is_chosen() {
        assertThat(read(Map.of()).auth().environment()).containsEntry("COMFY_AUTH", "key");
        DeploySettings open = read(Map.of("auth", "none", "webAcl", "arn:aws:wafv2:acl"));
        assertThat(open.auth().isOpen()).isTrue();
        DeploySettings issuer =
                read(
                        Map.of(
                                "auth", "jwt",
                                "jwtIssuer", "https://id.example.org/",
                                "jwtAudience", "comfy",
                                "jwtKeys", "https://id.example.org/keys"));
        assertThat(issuer.auth().environment())
                .containsEntry("COMFY_JWT_ISSUER", "https://id.example.org/")
                .containsEntry("COMFY_JWT_KEYS", "https://id.example.org/keys");
    }

    @ParameterizedTest
    @CsvSource({"none", "jwt", "password"})
    void a_way_to_show_oneself_that_lacks_something_is_refused(String mode) {
        assertThatThrownBy(() -> read(Map.of("auth", mode)))
                .hasMessageContaining("-c auth=" + mode);
    }

    @Test
    void what_has_no_setting_of_its_own_is_given_by_its_variable() {
        DeploySettings settings =
                read(
                        Map.of(
                                "runnerVariables",
                                "COMFY_CACHE=lru:10, COMFY_SHARED_CACHE=20",
                                "functionVariables",
                                "COMFY_MULTI_USER=true"));
        assertThat(settings.more().runner())
                .isEqualTo(Map.of("COMFY_CACHE", "lru:10", "COMFY_SHARED_CACHE", "20"));
        assertThat(settings.more().functions()).isEqualTo(Map.of("COMFY_MULTI_USER", "true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CACHE=lru:10", "COMFY_CACHE", "COMFY_CACHE=", "PATH=/bin"})
    void a_variable_that_no_program_of_ours_reads_is_refused(String given) {
        assertThatThrownBy(() -> read(Map.of("runnerVariables", given)))
                .hasMessageContaining("-c runnerVariables=" + given);
    }

    @Test
    void a_domain_needs_its_certificate() {
        assertThatThrownBy(() -> read(Map.of("domain", "comfy.example.org")))
                .hasMessageContaining("certificate");
    }
}
