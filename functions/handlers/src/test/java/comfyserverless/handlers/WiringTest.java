package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WiringTest {
    private static final String EMULATOR = "AWS_ENDPOINT_URL";
    private static final String LOOPBACK = "COMFY_WEBHOOK_LOOPBACK";

    private static boolean callsItsOwnMachine(Map<String, String> environment) {
        return Wiring.webhookAddresses(environment).loopback();
    }

    @Test
    void only_functions_of_an_emulator_that_was_deployed_so_call_their_own_machine() {
        assertThat(callsItsOwnMachine(Map.of())).isFalse();
        assertThat(callsItsOwnMachine(Map.of(LOOPBACK, "true"))).isFalse();
        assertThat(callsItsOwnMachine(Map.of(EMULATOR, "http://127.0.0.1:4566"))).isFalse();
        assertThat(callsItsOwnMachine(Map.of(EMULATOR, "http://127.0.0.1:4566", LOOPBACK, "true")))
                .isTrue();
    }
}
