package comfyserverless.admin.report;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.io.PrintWriter;

/// Where a command's answer goes: results to the standard output, as text or as one line of JSON; what happens
/// meanwhile to the standard error.
public final class Report {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final boolean terminal;

    /// @param json whether results are JSON
    /// @param terminal whether somebody watches, so that a line may be written over
    public Report(PrintWriter out, PrintWriter err, boolean json, boolean terminal) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.terminal = terminal;
    }

    /// The command's result.
    ///
    /// @param text for people, without a line's end
    public void result(JsonNode result, String text) {
        out.println(json ? Json.write(result) : text);
        out.flush();
    }

    /// Something to know that is no result.
    public void note(String sentence) {
        err.println(sentence);
        err.flush();
    }

    /// Why there is no result.
    public void failed(String sentence) {
        if (json) {
            out.println(Json.write(Json.object().put("error", sentence)));
            out.flush();
        } else {
            note(sentence);
        }
    }

    /// A sign of progress that takes the place of the last one.
    void show(String line) {
        err.print("\r" + line + "\u001B[K");
        err.flush();
    }

    /// Ends a line of [#show].
    void endShown() {
        err.println();
        err.flush();
    }

    boolean isWatched() {
        return terminal;
    }
}
