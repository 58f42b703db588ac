package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.dynamodb.wire.Value;

/// A term of a condition or an update; the last three occur in updates only.
public sealed interface Operand {

    /// The value at a path of the item.
    record At(Path path) implements Operand {}

    /// A value given in ExpressionAttributeValues under this placeholder.
    record Literal(String placeholder, Value value) implements Operand {}

    /// `size(path)`.
    record SizeOf(Path path) implements Operand {}

    /// `if_not_exists(path, otherwise)`.
    record IfNotExists(Path path, Operand otherwise) implements Operand {}

    /// `list_append(first, second)`.
    record ListAppend(Operand first, Operand second) implements Operand {}

    /// `left + right` or `left - right`.
    record Sum(Operand left, Operand right, boolean minus) implements Operand {}
}
