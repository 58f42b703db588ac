package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.List;

/// A parsed UpdateExpression: actions on paths of which none overlaps another.
public record Update(List<Action> actions) {

    /// One action of a clause.
    public sealed interface Action {
        Path path();

        record Set(Path path, Operand value) implements Action {}

        record Remove(Path path) implements Action {}

        record Add(Path path, Value value) implements Action {}

        record Delete(Path path, Value.SetOf members) implements Action {}
    }

    public Update {
        actions = List.copyOf(actions);
    }
}
