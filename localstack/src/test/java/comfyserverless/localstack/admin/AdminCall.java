package comfyserverless.localstack.admin;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.admin.AdminMain;
import comfyserverless.contract.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;

/// A call of `comfy-admin` as a shell makes it, and what it left.
public record AdminCall(int code, String out, String err) {
    /// Runs it.
    public static AdminCall of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = AdminMain.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new AdminCall(code, out.toString(), err.toString());
    }

    /// What it printed, where `--json` was given.
    public JsonNode json() {
        return Json.read(out);
    }
}
