package comfyserverless.localstack.emulator.dynamodb.table;

import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.wire.Sizes;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;

/// A key attribute's name and type (S, N or B).
public record KeyAttribute(String name, String type) {
    private static final int MAX_HASH_BYTES = 2048;
    private static final int MAX_RANGE_BYTES = 1024;

    public boolean accepts(Value value) {
        return value.type().equals(type);
    }

    /// Refuses an empty or too long key value of the right type.
    void checkContent(Value value, boolean isHash) {
        int size = Sizes.of(value);
        if (size == 0) {
            throw ServiceException.validation(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot"
                            + " contain an empty "
                            + (type.equals("S") ? "string" : "binary")
                            + " value. Key: "
                            + name);
        }
        int limit = isHash ? MAX_HASH_BYTES : MAX_RANGE_BYTES;
        if (size > limit) {
            throw ServiceException.validation(
                    "One or more parameter values were invalid: Size of "
                            + (isHash ? "hashkey" : "rangekey")
                            + " has exceeded the maximum size limit of "
                            + limit
                            + " bytes");
        }
    }
}
