package comfyserverless.runner.nodes.sampling;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.sampling.SampleRequest;
import comfyserverless.diffusion.sampling.Scheduler;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Samples a latent during some of the steps.
public final class KSamplerAdvanced implements Node {
    private final SamplerRuns runs;

    public KSamplerAdvanced(PreviewMethod previews) {
        this.runs = new SamplerRuns(previews);
    }

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("KSamplerAdvanced", "nodes")
                .displayed("KSampler (Advanced)")
                .category("sampling")
                .required("model", link("MODEL"))
                .required("add_noise", choice("enable", "disable"))
                .required("noise_seed", SamplerInputs.seed())
                .required("steps", SamplerInputs.steps())
                .required("cfg", SamplerInputs.cfg())
                .required("sampler_name", SamplerInputs.samplers())
                .required("scheduler", SamplerInputs.schedulers())
                .required("positive", link("CONDITIONING"))
                .required("negative", link("CONDITIONING"))
                .required("latent_image", link("LATENT"))
                .required("start_at_step", integer(0).between(0, 10000))
                .required("end_at_step", integer(10000).between(0, 10000))
                .required("return_with_leftover_noise", choice("disable", "enable"))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        boolean leaveNoise = !in.text("return_with_leftover_noise").equals("disable");
        SampleRequest.Window window =
                new SampleRequest.Window(
                        in.integer("start_at_step"), in.integer("end_at_step"), leaveNoise);
        SampleRequest.Plan plan =
                new SampleRequest.Plan(
                        in.text("sampler_name"),
                        Scheduler.named(in.text("scheduler")),
                        in.integer("steps"),
                        1.0,
                        window,
                        !in.text("add_noise").equals("disable"));
        return Outputs.of(runs.sample(in, in.whole("noise_seed"), plan, context));
    }
}
