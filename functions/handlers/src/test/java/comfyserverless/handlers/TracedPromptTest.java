package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The trace of a request goes on with the job that it brought.
class TracedPromptTest {
    private static final String OURS = "1-58406520-a006649127e371903a2de979";
    private static final String THEIRS = "1-67891233-abcdef012345678912345678";

    private final TestServer server = new TestServer();

    private @Nullable String traceOfClaim() {
        return server.memory.claims().claim("runner").orElseThrow().origin().trace();
    }

    /// As Lambda calls the function, in the trace that the context says.
    private void invoke(Context context) throws IOException {
        byte[] prompt = TestServer.prompt("text", "").getBytes(StandardCharsets.UTF_8);
        ObjectNode event =
                TestServer.event("POST", "/prompt", prompt, "x-amzn-trace-id", "Root=" + THEIRS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new HttpEntry(server.ports)
                .handleRequest(new ByteArrayInputStream(Json.writeBytes(event)), out, context);
        assertThat(Json.read(out.toByteArray()).path("statusCode").asInt()).isEqualTo(200);
    }

    @Test
    void a_runner_finds_the_trace_that_the_gateway_says() {
        server.post("/prompt", TestServer.prompt("text", ""), "x-amzn-trace-id", "Root=" + THEIRS);
        assertThat(traceOfClaim()).isEqualTo(THEIRS);
    }

    @Test
    void the_functions_own_trace_goes_before_it() throws IOException {
        invoke(new TracedContext("Root=" + OURS + ";Parent=53995c3f42cd8ad8;Sampled=1"));
        assertThat(traceOfClaim()).isEqualTo(OURS);
    }

    @Test
    void an_untraced_function_takes_the_gateways() throws IOException {
        invoke(new NoContext());
        assertThat(traceOfClaim()).isEqualTo(THEIRS);
    }

    @Test
    void what_is_no_trace_is_nobodys() {
        server.post("/prompt", TestServer.prompt("text", ""), "x-amzn-trace-id", "Root=\" ; x");
        assertThat(traceOfClaim()).isNull();
    }
}
