package comfyserverless.runner.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.conformance.Recordings;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Those of ComfyUI's testing nodes (tests/execution/testing_nodes) that the recordings use most.
public final class TestingNodes {
    private static final int SIDE = 512;
    private static final String ACCUMULATION = "ACCUMULATION";

    private final Catalogue catalogue =
            Catalogue.of(Recordings.data("object_info-testing-nodes.json"));
    private final List<Node> nodes = new ArrayList<>();

    private TestingNodes() {}

    public static List<Node> all() {
        TestingNodes pack = new TestingNodes();
        pack.stubs();
        pack.tests();
        pack.lists();
        pack.failing();
        pack.expanding();
        return List.copyOf(pack.nodes);
    }

    private void add(String name, TestingNode.Body body) {
        add(name, body, null, null);
    }

    private void add(
            String name,
            TestingNode.Body body,
            TestingNode.@Nullable Lazy lazy,
            TestingNode.@Nullable Mark mark) {
        NodeDefinition definition = catalogue.find(name).orElseThrow();
        nodes.add(new TestingNode(definition, body, lazy, mark));
    }

    private void stubs() {
        add("StubImage", (in, c) -> Pictures.stub(in));
        add("StubConstantImage", (in, c) -> Pictures.constant(in));
        add("StubMask", (in, c) -> Pictures.mask(in));
        add("StubInt", (in, c) -> Outputs.of(in.json("value")));
        add("StubFloat", (in, c) -> Outputs.of(in.json("value")));
    }

    private void tests() {
        add("TestLazyMixImages", (in, c) -> Pictures.mix(in), Pictures::neededForMix, null);
        add("TestVariadicAverage", (in, c) -> Pictures.average(in));
        add(
                "TestCustomIsChanged",
                (in, c) -> Outputs.of(in.value("image")),
                null,
                in ->
                        in.has("should_change") && in.flag("should_change")
                                ? DoubleNode.valueOf(Double.NaN)
                                : BooleanNode.FALSE);
        add(
                "TestIsChangedWithConstants",
                (in, c) -> Pictures.times(in),
                null,
                in -> in.json("value"));
        add("TestOutputNodeWithSocketOutput", (in, c) -> Pictures.times(in));
        add("TestSleep", TestingNodes::sleep);
        add("TestAsyncLazyCheck", (in, c) -> white(), TestingNodes::needed, null);
        add(
                "TestAsyncValidation",
                (in, c) -> Outputs.of(Pictures.filled(1, SIDE, SIDE, in.decimal("value") / 10)));
        add("TestIntMathOperation", (in, c) -> arithmetic(in));
        add("TestToBoolNode", (in, c) -> Outputs.of(BooleanNode.valueOf(toBool(in))));
    }

    private static boolean toBool(Inputs in) {
        boolean inverted = in.has("invert") && in.flag("invert");
        return Pictures.truth(in.value("value")) != inverted;
    }

    private static Outputs white() {
        return Outputs.of(Pictures.filled(1, SIDE, SIDE, 1));
    }

    private static List<String> needed(Inputs in) {
        String input = in.flag("condition") ? "input1" : "input2";
        return in.has(input) ? List.of() : List.of(input);
    }

    private static Outputs sleep(Inputs in, NodeContext context) throws InterruptedException {
        double seconds = in.decimal("seconds");
        long began = System.nanoTime();
        CountDownLatch never = new CountDownLatch(1);
        double elapsed = 0;
        while (elapsed < seconds) {
            context.progress(elapsed, seconds);
            if (never.await(10, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
            elapsed = (System.nanoTime() - began) / 1e9;
        }
        return Outputs.of(in.value("value"));
    }

    private static Outputs arithmetic(Inputs in) {
        BigInteger a = in.json("a").bigIntegerValue();
        BigInteger b = in.json("b").bigIntegerValue();
        String operation = in.text("operation");
        if (b.signum() == 0 && (operation.equals("divide") || operation.equals("modulo"))) {
            throw new NodeException("ZeroDivisionError", "integer division or modulo by zero");
        }
        BigInteger result =
                switch (operation) {
                    case "add" -> a.add(b);
                    case "subtract" -> a.subtract(b);
                    case "multiply" -> a.multiply(b);
                    case "divide" -> floor(a, b)[0];
                    case "modulo" -> floor(a, b)[1];
                    default -> a.pow(b.intValueExact());
                };
        return Outputs.of(com.fasterxml.jackson.databind.node.BigIntegerNode.valueOf(result));
    }

    private static BigInteger[] floor(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        if (parts[1].signum() != 0 && parts[1].signum() != b.signum()) {
            return new BigInteger[] {parts[0].subtract(BigInteger.ONE), parts[1].add(b)};
        }
        return parts;
    }

    private void lists() {
        add("TestMakeListNode", (in, c) -> Outputs.of(new Value.Many(given(in))));
        add("TestAccumulateNode", (in, c) -> accumulation(accumulated(in)));
        add("TestAccumulationToListNode", (in, c) -> Outputs.of(new Value.Many(items(in))));
        add(
                "TestAccumulationGetLengthNode",
                (in, c) -> Outputs.of(IntNode.valueOf(items(in).size())));
        add(
                "TestAccumulationGetItemNode",
                (in, c) -> Outputs.of(items(in).get(in.integer("index"))));
        add("TestAccumulationSetItemNode", (in, c) -> accumulation(replaced(in)));
        add("TestAccumulationHeadNode", (in, c) -> head(items(in)));
        add("TestAccumulationTailNode", (in, c) -> tail(items(in)));
    }

    private static List<Value> given(Inputs in) {
        List<Value> values = new ArrayList<>();
        for (int i = 1; i <= 9; i++) {
            in.find("value" + i).ifPresent(values::add);
        }
        return values;
    }

    @SuppressWarnings("unchecked")
    private static List<Value> items(Inputs in) {
        return in.handle("accumulation", List.class);
    }

    private static Outputs accumulation(List<Value> items) {
        return Outputs.of(handle(items));
    }

    private static Value handle(List<Value> items) {
        return new Value.Handle(ACCUMULATION, List.copyOf(items));
    }

    private static List<Value> accumulated(Inputs in) {
        List<Value> items = new ArrayList<>(in.has("accumulation") ? items(in) : List.<Value>of());
        items.add(in.value("to_add"));
        return items;
    }

    private static List<Value> replaced(Inputs in) {
        List<Value> items = new ArrayList<>(items(in));
        items.set(in.integer("index"), in.value("value"));
        return items;
    }

    private static Outputs head(List<Value> items) {
        return Outputs.of(handle(items.subList(1, items.size())), items.getFirst());
    }

    private static Outputs tail(List<Value> items) {
        return Outputs.of(handle(items.subList(0, items.size() - 1)), items.getLast());
    }

    private void failing() {
        add(
                "TestSyncError",
                (in, c) -> {
                    throw new NodeException(
                            "RuntimeError", "Intentional sync execution error for testing");
                });
        add(
                "TestExecutionBlocker",
                (in, c) ->
                        in.flag("block")
                                ? Outputs.of(
                                        new Value.Blocker(
                                                in.flag("verbose") ? "Blocked Execution" : null))
                                : Outputs.of(in.value("input")));
    }

    private void expanding() {
        add("TestMixedExpansionReturns", TestingNodes::mixed);
    }

    private static Map<String, JsonNode> size(String name, JsonNode value) {
        return Map.of(
                name,
                value,
                "height",
                IntNode.valueOf(SIDE),
                "width",
                IntNode.valueOf(SIDE),
                "batch_size",
                IntNode.valueOf(1));
    }

    private static Outputs mixed(Inputs in, NodeContext context) {
        double value = in.decimal("input1");
        Value white = Pictures.filled(1, SIDE, SIDE, 1);
        if (value <= 0.2) {
            double shade = value <= 0.1 ? 0.1 : 0.2;
            return Outputs.of(Pictures.filled(1, SIDE, SIDE, shade), white);
        }
        Expansions graph = new Expansions(context);
        String mask = graph.add("StubMask", size("value", DoubleNode.valueOf(0.3)));
        String black = graph.add("StubImage", size("content", TextNode.valueOf("BLACK")));
        String bright = graph.add("StubImage", size("content", TextNode.valueOf("WHITE")));
        String mix =
                graph.add(
                        "TestLazyMixImages",
                        Map.of(
                                "image1",
                                Expansions.link(black),
                                "image2",
                                Expansions.link(bright),
                                "mask",
                                Expansions.link(mask)));
        return graph.results(List.of(new Value.Json(Expansions.link(mix)), white));
    }
}
