package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A document path such as `a.b[2]`, placeholders resolved; its first step is always a name.
public record Path(List<Step> steps) {

    /// One step into a map or a list.
    public sealed interface Step {
        record Name(String name) implements Step {
            @Override
            public String toString() {
                return name;
            }
        }

        record Index(int at) implements Step {
            @Override
            public String toString() {
                return "[" + at + "]";
            }
        }
    }

    public Path {
        steps = List.copyOf(steps);
    }

    public static Path of(String attribute) {
        return new Path(List.of(new Step.Name(attribute)));
    }

    /// The attribute of the item that the path begins with.
    public String attribute() {
        return steps.getFirst().toString();
    }

    public boolean isAttribute() {
        return steps.size() == 1;
    }

    /// What lies at this path in the item, or null.
    public @Nullable Value in(Map<String, Value> item) {
        Value here = item.get(attribute());
        for (Step step : steps.subList(1, steps.size())) {
            if (here == null) {
                return null;
            }
            here = child(here, step);
        }
        return here;
    }

    static @Nullable Value child(Value container, Step step) {
        return switch (step) {
            case Step.Name(String name) when container instanceof Value.M(var entries) ->
                    entries.get(name);
            case Step.Index(int at)
                    when container instanceof Value.L(var elements) && at < elements.size() ->
                    elements.get(at);
            case Step.Name _, Step.Index _ -> null;
        };
    }

    /// Whether one of the two leads to or through the other.
    boolean overlaps(Path other) {
        int shared = Math.min(steps.size(), other.steps.size());
        return steps.subList(0, shared).equals(other.steps.subList(0, shared));
    }

    /// Whether they take a name and an index at the same place.
    boolean conflicts(Path other) {
        int shared = Math.min(steps.size(), other.steps.size());
        for (int i = 0; i < shared; i++) {
            Step mine = steps.get(i);
            Step theirs = other.steps.get(i);
            if (!mine.getClass().equals(theirs.getClass())) {
                return true;
            }
            if (!mine.equals(theirs)) {
                return false;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return steps.stream().map(Step::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
