package comfyserverless.testingnodes;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Lists, and accumulations: an object with one list.
final class ListNodes {
    private static final String ITEMS = "accum";
    private static final Value NOTHING = new Value.Json(NullNode.getInstance());
    private static final int MOST = 9;

    private ListNodes() {}

    static List<TestingNode> all() {
        return List.of(
                TestingNode.of("TestMakeListNode", (in, c) -> Outputs.of(new Value.Many(given(in))))
                        .variadic(),
                TestingNode.of(
                        "TestAccumulateNode", (in, c) -> Outputs.of(accumulation(added(in)))),
                TestingNode.of("TestAccumulationHeadNode", (in, c) -> head(items(in), in)),
                TestingNode.of("TestAccumulationTailNode", (in, c) -> tail(items(in), in)),
                TestingNode.of(
                        "TestAccumulationToListNode",
                        (in, c) -> Outputs.of(new Value.Many(items(in)))),
                TestingNode.of(
                        "TestListToAccumulationNode",
                        (in, c) -> Outputs.of(accumulation(in.many("list")))),
                TestingNode.of(
                        "TestAccumulationGetLengthNode",
                        (in, c) -> Outputs.of(IntNode.valueOf(items(in).size()))),
                TestingNode.of(
                        "TestAccumulationGetItemNode",
                        (in, c) -> Outputs.of(items(in).get(index(in, "list index")))),
                TestingNode.of(
                        "TestAccumulationSetItemNode",
                        (in, c) -> Outputs.of(accumulation(replaced(in)))));
    }

    private static List<Value> given(Inputs in) {
        List<Value> values = new ArrayList<>();
        for (int i = 1; i <= MOST; i++) {
            in.find("value" + i).ifPresent(values::add);
        }
        return values;
    }

    private static List<Value> items(Inputs in) {
        return in.field("accumulation", ITEMS) instanceof Value.Many many
                ? many.items()
                : List.of();
    }

    private static Value accumulation(List<Value> items) {
        return new Value.Fields(Map.of(ITEMS, new Value.Many(items)));
    }

    private static List<Value> added(Inputs in) {
        List<Value> items = new ArrayList<>(in.has("accumulation") ? items(in) : List.<Value>of());
        items.add(in.value("to_add"));
        return items;
    }

    private static List<Value> replaced(Inputs in) {
        List<Value> items = new ArrayList<>(items(in));
        items.set(index(in, "list assignment index"), in.value("value"));
        return items;
    }

    /// A negative index counts from the end.
    private static int index(Inputs in, String what) {
        int size = items(in).size();
        long index = in.whole("index");
        long place = index < 0 ? index + size : index;
        if (place < 0 || place >= size) {
            throw new NodeException("IndexError", what + " out of range");
        }
        return (int) place;
    }

    private static Outputs head(List<Value> items, Inputs in) {
        return items.isEmpty()
                ? Outputs.of(in.value("accumulation"), NOTHING)
                : Outputs.of(accumulation(items.subList(1, items.size())), items.getFirst());
    }

    private static Outputs tail(List<Value> items, Inputs in) {
        return items.isEmpty()
                ? Outputs.of(NOTHING, in.value("accumulation"))
                : Outputs.of(accumulation(items.subList(0, items.size() - 1)), items.getLast());
    }
}
