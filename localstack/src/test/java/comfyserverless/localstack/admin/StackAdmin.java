package comfyserverless.localstack.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.stream.Stream;

/// `comfy-admin` for a running local stack.
///
/// @param data the stack's data folder
record StackAdmin(Path data) {
    AdminCall call(String... arguments) {
        return AdminCall.of(
                Stream.concat(Stream.of("--data", data.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    /// What a command that succeeds answers to a script.
    JsonNode json(String... arguments) {
        AdminCall call =
                call(
                        Stream.concat(Stream.of("--json"), Stream.of(arguments))
                                .toArray(String[]::new));
        assertThat(call.code()).as(call.out() + call.err()).isZero();
        return call.json();
    }
}
