package comfyserverless.testingnodes;

import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.util.ArrayList;
import java.util.List;

/// Nodes that answer with a small graph.
final class ExpandingNodes {
    private ExpandingNodes() {}

    static List<TestingNode> all() {
        return List.of(
                TestingNode.of("TestDynamicDependencyCycle", ExpandingNodes::cycle),
                TestingNode.of("TestMixedExpansionReturns", ExpandingNodes::mixed),
                TestingNode.of("TestSamplingInExpansion", ExpandingNodes::sampling),
                TestingNode.of("TestParallelSleep", ExpandingNodes::parallel),
                TestingNode.of("TestDynamicAsyncGeneration", ExpandingNodes::sleepers));
    }

    private static Expansions.Added sized(Expansions graph, String classType) {
        return graph.add(classType)
                .with("height", PictureNodes.SIDE)
                .with("width", PictureNodes.SIDE)
                .with("batch_size", 1);
    }

    private static Outputs cycle(Inputs in, NodeContext context) {
        Expansions graph = new Expansions(context);
        Expansions.Added mask = sized(graph, "StubMask").with("value", 0.5);
        Expansions.Added first =
                graph.add("TestLazyMixImages")
                        .with("image1", in.value("input1"))
                        .with("mask", mask.out(0));
        Expansions.Added second =
                graph.add("TestLazyMixImages")
                        .with("image1", first.out(0))
                        .with("image2", in.value("input2"))
                        .with("mask", mask.out(0));
        first.with("image2", second.out(0));
        return graph.results(second.output(0));
    }

    private static Outputs mixed(Inputs in, NodeContext context) {
        double value = in.decimal("input1");
        Value white = PictureNodes.square(1);
        if (value <= 0.2) {
            return Outputs.of(PictureNodes.square(value <= 0.1 ? 0.1 : 0.2), white);
        }
        Expansions graph = new Expansions(context);
        Expansions.Added mask = sized(graph, "StubMask").with("value", 0.3);
        Expansions.Added black = sized(graph, "StubImage").with("content", "BLACK");
        Expansions.Added bright = sized(graph, "StubImage").with("content", "WHITE");
        Expansions.Added mix =
                graph.add("TestLazyMixImages")
                        .with("image1", black.out(0))
                        .with("image2", bright.out(0))
                        .with("mask", mask.out(0));
        return graph.results(mix.output(0), white);
    }

    private static Outputs sampling(Inputs in, NodeContext context) {
        Expansions graph = new Expansions(context);
        Expansions.Added positive = encoded(graph, in, "prompt");
        Expansions.Added negative = encoded(graph, in, "negative_prompt");
        Expansions.Added latent = sized(graph, "EmptyLatentImage");
        Expansions.Added sampler =
                graph.add("KSampler")
                        .with("model", in.value("model"))
                        .with("positive", positive.out(0))
                        .with("negative", negative.out(0))
                        .with("latent_image", latent.out(0))
                        .with("seed", in.value("seed"))
                        .with("steps", in.value("steps"))
                        .with("cfg", in.value("cfg"))
                        .with("sampler_name", "euler_ancestral")
                        .with("scheduler", "normal")
                        .with("denoise", 1.0);
        Expansions.Added decoded =
                graph.add("VAEDecode").with("samples", sampler.out(0)).with("vae", in.value("vae"));
        return graph.results(decoded.output(0));
    }

    private static Expansions.Added encoded(Expansions graph, Inputs in, String prompt) {
        return graph.add("CLIPTextEncode")
                .with("text", in.value(prompt))
                .with("clip", in.value("clip"));
    }

    private static Outputs parallel(Inputs in, NodeContext context) {
        Expansions graph = new Expansions(context);
        List<Expansions.Added> sleepers = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            sleepers.add(
                    graph.add("TestSleep")
                            .with("value", in.value("image" + i))
                            .with("seconds", in.value("sleep" + i)));
        }
        return graph.results(average(graph, sleepers).output(0));
    }

    private static Outputs sleepers(Inputs in, NodeContext context) {
        Expansions graph = new Expansions(context);
        List<Expansions.Added> sleepers = new ArrayList<>();
        for (int i = 0; i < in.integer("num_async_nodes"); i++) {
            sleepers.add(
                    graph.add("TestSleep")
                            .with("value", in.value(i % 2 == 0 ? "image1" : "image2"))
                            .with("seconds", in.value("sleep_duration")));
        }
        Expansions.Added last =
                sleepers.size() == 1 ? sleepers.getFirst() : average(graph, sleepers);
        return graph.results(last.output(0));
    }

    private static Expansions.Added average(Expansions graph, List<Expansions.Added> of) {
        Expansions.Added average = graph.add("TestVariadicAverage");
        for (int i = 0; i < of.size(); i++) {
            average.with("input" + (i + 1), of.get(i).out(0));
        }
        return average;
    }
}
