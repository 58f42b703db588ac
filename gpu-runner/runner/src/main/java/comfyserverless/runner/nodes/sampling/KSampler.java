package comfyserverless.runner.nodes.sampling;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Scheduler;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Samples a latent from noise, or from another latent.
public final class KSampler implements Node {
    private final SamplerRuns runs;

    public KSampler(PreviewMethod previews) {
        this.runs = new SamplerRuns(previews);
    }

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("KSampler", "nodes")
                .category("sampling")
                .describe("Takes the noise off a latent, led by the prompts.")
                .required("model", link("MODEL").tooltip("The network."))
                .required(
                        "seed",
                        SamplerInputs.seed()
                                .tooltip("Makes the noise: equal seeds, equal pictures."))
                .required(
                        "steps",
                        SamplerInputs.steps().tooltip("In how many steps the noise is taken off."))
                .required(
                        "cfg",
                        SamplerInputs.cfg().tooltip("How strictly the prompts are followed."))
                .required("sampler_name", SamplerInputs.samplers().tooltip("The way of stepping."))
                .required(
                        "scheduler", SamplerInputs.schedulers().tooltip("How large the steps are."))
                .required("positive", link("CONDITIONING").tooltip("What shall be in the picture."))
                .required(
                        "negative",
                        link("CONDITIONING").tooltip("What shall not be in the picture."))
                .required("latent_image", link("LATENT").tooltip("What to begin with."))
                .required(
                        "denoise",
                        decimal(1)
                                .between(0, 1)
                                .step(0.01)
                                .tooltip("How much is made anew; less keeps more of the latent."))
                .output(new Output("LATENT", "LATENT", false, "The sampled latent."))
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        SampleRequest.Plan plan =
                SampleRequest.Plan.all(
                        in.text("sampler_name"),
                        Scheduler.named(in.text("scheduler")),
                        in.integer("steps"),
                        in.decimal("denoise"));
        return Outputs.of(runs.sample(in, in.whole("seed"), plan, context));
    }
}
