package comfyserverless.admin;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls the program as a shell does, on a deployment in memory.
final class CommandLineOfTests {
    final InMemoryDeployment deployment = new InMemoryDeployment();

    /// What a call left.
    record Ended(int code, String out, String err) {
        JsonNode json() {
            return Json.read(out);
        }
    }

    Ended call(String... arguments) {
        return call(null, arguments);
    }

    /// With somebody at the terminal who types this.
    Ended typing(String line, String... arguments) {
        return call(line, arguments);
    }

    private Ended call(@Nullable String typed, String[] arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code =
                ComfyAdmin.run(
                        new Surroundings(
                                target -> deployment,
                                Map.of(),
                                deployment.clock,
                                new PrintWriter(out),
                                new PrintWriter(err),
                                typed != null,
                                () -> typed,
                                deployment.clock::advance),
                        arguments);
        return new Ended(code, out.toString(), err.toString());
    }
}
