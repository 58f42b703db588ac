package comfyserverless.handlers.http;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;

/// How many bytes of a list still fit into an answer: Lambda takes 6 MB, encoded as a JSON string.
public final class AnswerBudget {
    /// Half of Lambda's limit, since quotes and backslashes are escaped once more.
    public static final int LAMBDA = 3 << 20;

    private long left;

    public AnswerBudget(long bytes) {
        this.left = bytes;
    }

    /// Whether an entry still fits; it is counted if it does.
    public boolean takes(JsonNode entry) {
        long size = Json.writeBytes(entry).length;
        if (size > left) {
            return false;
        }
        left -= size;
        return true;
    }
}
