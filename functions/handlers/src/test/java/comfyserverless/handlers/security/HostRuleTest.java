package comfyserverless.handlers.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostRuleTest {
    private final HostRule rule =
            new HostRule(
                    Set.of("gpu.example.org", "http://localhost:5173", "https://tool.example"));

    @ParameterizedTest(name = "{0} {1} from {2}: {3}")
    @CsvSource({
        "POST, localhost:8188, , true",
        "POST, localhost:8188, http://localhost:8188, true",
        "POST, localhost:8188, http://localhost, true",
        "POST, localhost:8188, http://localhost:9000, false",
        "GET, 127.0.0.1:8188, http://evil.example, false",
        "POST, localhost:8188, http://localhost:5173, true",
        "POST, 127.0.0.1:8188, HTTP://LOCALHOST:5173, true",
        "POST, localhost:8188, https://localhost:5173, false",
        "POST, localhost:8188, https://tool.example, true",
        "POST, localhost:8188, https://tool.example:8443, false",
        "POST, localhost:8188, null, false",
        "POST, gpu.example.org:8188, http://anything.example, true",
        "POST, 192.168.1.5:8188, http://anything.example, true",
        "POST, rebound.example:8188, , false",
        "POST, rebound.example:8188, http://rebound.example:8188, false",
        "GET, rebound.example:8188, http://page.example, true",
        "POST, rebound.example:8188, http://page.example, false"
    })
    void a_request_goes_on_if_its_host_and_its_page_may(
            String method, String host, String origin, boolean allowed) {
        assertThat(rule.allows(method, host, origin)).isEqualTo(allowed);
    }
}
