package comfyserverless.localstack.emulator.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// An error answer of an AWS service: HTTP status, exception type as the SDKs know it, message and further fields.
public final class ServiceException extends RuntimeException {
    private final int status;
    private final String type;
    private final transient ObjectNode fields = JsonNodeFactory.instance.objectNode();

    public ServiceException(int status, String type, String message) {
        super(message);
        this.status = status;
        this.type = type;
    }

    public static ServiceException validation(String message) {
        return new ServiceException(400, "ValidationException", message);
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    /// Further members of the answer beside `__type` and `message`; callers may add to it.
    public ObjectNode fields() {
        return fields;
    }
}
