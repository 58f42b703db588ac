package comfyserverless.aws.dynamo;

import comfyserverless.contract.state.TableDefinition;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Conditions and changes in DynamoDB's expression language, with the names and values they use. One
/// of these serves all expressions of one request.
final class Expression {
    private static final Value ZERO = Value.of(0);

    private final Map<String, String> names = new HashMap<>();
    private final Map<String, AttributeValue> values = new HashMap<>();

    Map<String, String> names() {
        return names;
    }

    /// The values, or null if there are none (an empty map is refused).
    @Nullable Map<String, AttributeValue> values() {
        return values.isEmpty() ? null : values;
    }

    String name(String attribute) {
        String placeholder = "#" + attribute;
        names.put(placeholder, attribute);
        return placeholder;
    }

    String value(Value value) {
        String placeholder = ":v" + values.size();
        values.put(placeholder, Attributes.of(value));
        return placeholder;
    }

    /// The condition as text; null if it always holds.
    @Nullable String condition(Condition condition) {
        return switch (condition) {
            case Condition.Always always -> null;
            case Condition.Absent absent ->
                    "attribute_not_exists(" + name(TableDefinition.COMFY.partitionKey()) + ")";
            case Condition.Present present ->
                    "attribute_exists(" + name(TableDefinition.COMFY.partitionKey()) + ")";
            case Condition.Has has -> "attribute_exists(" + name(has.name()) + ")";
            case Condition.Lacks lacks -> "attribute_not_exists(" + name(lacks.name()) + ")";
            case Condition.Is is -> name(is.name()) + " = " + value(is.value());
            case Condition.Below below ->
                    name(below.name()) + " < " + value(Value.of(below.number()));
            case Condition.Above above ->
                    name(above.name()) + " > " + value(Value.of(above.number()));
            case Condition.All all -> joined(all.parts(), " AND ");
            case Condition.Any any -> joined(any.parts(), " OR ");
        };
    }

    private @Nullable String joined(List<Condition> parts, String with) {
        List<String> texts = new ArrayList<>();
        for (Condition part : parts) {
            String text = condition(part);
            if (text == null && with.equals(" OR ")) {
                return null;
            }
            if (text != null) {
                texts.add("(" + text + ")");
            }
        }
        return texts.isEmpty() ? null : String.join(with, texts);
    }

    /// An update expression.
    String update(List<Change> changes) {
        List<String> sets = new ArrayList<>();
        List<String> removals = new ArrayList<>();
        List<String> additions = new ArrayList<>();
        for (Change change : changes) {
            switch (change) {
                case Change.Set set -> sets.add(name(set.name()) + " = " + value(set.value()));
                case Change.SetIfMissing set -> {
                    String name = name(set.name());
                    sets.add(name + " = if_not_exists(" + name + ", " + value(set.value()) + ")");
                }
                case Change.Copy copy ->
                        sets.add(
                                name(copy.to())
                                        + " = if_not_exists("
                                        + name(copy.from())
                                        + ", "
                                        + value(ZERO)
                                        + ")");
                case Change.Remove remove -> removals.add(name(remove.name()));
                case Change.Add add ->
                        additions.add(name(add.name()) + " " + value(Value.of(add.amount())));
            }
        }
        return List.of(clause("SET ", sets), clause("REMOVE ", removals), clause("ADD ", additions))
                .stream()
                .filter(clause -> !clause.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private static String clause(String word, List<String> parts) {
        return parts.isEmpty() ? "" : word + String.join(", ", parts);
    }
}
