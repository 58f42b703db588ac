package comfyserverless.localstack.emulator.dynamodb.expression;

import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A parsed ProjectionExpression: the parts of an item that an answer shows.
public record Projection(List<Path> paths) {

    public Projection {
        paths = List.copyOf(paths);
    }

    public static Projection parse(String text, Placeholders placeholders) {
        Parser parser = new Parser("ProjectionExpression", text, placeholders);
        List<Path> paths = new ArrayList<>();
        do {
            Path path = parser.path();
            for (Path earlier : paths) {
                if (earlier.overlaps(path)) {
                    throw parser.invalid(
                            "Two document paths overlap with each other; must remove or rewrite one of these"
                                    + " paths; path one: "
                                    + earlier
                                    + ", path two: "
                                    + path);
                }
            }
            paths.add(path);
        } while (parser.takeIf(","));
        parser.expectEnd();
        return new Projection(paths);
    }

    public Map<String, Value> of(Map<String, Value> item) {
        return entries(item, paths, 0);
    }

    private static Map<String, Value> entries(Map<String, Value> map, List<Path> paths, int depth) {
        Map<String, List<Path>> byName = new LinkedHashMap<>();
        for (Path path : paths) {
            if (path.steps().get(depth) instanceof Path.Step.Name(String name)) {
                byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(path);
            }
        }
        Map<String, Value> result = new LinkedHashMap<>();
        byName.forEach((name, below) -> {
            Value part = part(map.get(name), below, depth + 1);
            if (part != null) {
                result.put(name, part);
            }
        });
        return result;
    }

    private static @Nullable Value part(@Nullable Value value, List<Path> paths, int depth) {
        if (value == null || paths.getFirst().steps().size() == depth) {
            return value;
        }
        return switch (value) {
            case Value.M(var inner) -> {
                Map<String, Value> shown = entries(inner, paths, depth);
                yield shown.isEmpty() ? null : new Value.M(shown);
            }
            case Value.L(var elements) -> {
                List<Value> shown = elements(elements, paths, depth);
                yield shown.isEmpty() ? null : new Value.L(shown);
            }
            case Value.S _, Value.N _, Value.B _, Value.Bool _, Value.Null _, Value.SetOf _ -> null;
        };
    }

    private static List<Value> elements(List<Value> list, List<Path> paths, int depth) {
        SortedMap<Integer, List<Path>> byIndex = new TreeMap<>();
        for (Path path : paths) {
            if (path.steps().get(depth) instanceof Path.Step.Index(int at) && at < list.size()) {
                byIndex.computeIfAbsent(at, _ -> new ArrayList<>()).add(path);
            }
        }
        List<Value> result = new ArrayList<>();
        byIndex.forEach((at, below) -> {
            Value part = part(list.get(at), below, depth + 1);
            if (part != null) {
                result.add(part);
            }
        });
        return result;
    }
}
