package comfyserverless.runner.nodes.conditioning;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Control;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.model.ControlRef;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The nodes that let a picture steer prompts by a ControlNet.
public final class ControlNodes {
    private static final int CHANNELS = 3;

    private ControlNodes() {}

    public static Node controlNetApply() {
        return new SimpleNode(
                NodeDefinition.of("ControlNetApply", "nodes")
                        .displayed("Apply ControlNet (OLD)")
                        .category("conditioning/controlnet")
                        .required("conditioning", link("CONDITIONING"))
                        .required("control_net", link("CONTROL_NET"))
                        .required("image", link("IMAGE"))
                        .required("strength", strength())
                        .output("CONDITIONING")
                        .trait(Trait.DEPRECATED)
                        .build(),
                ControlNodes::simple);
    }

    private static Outputs simple(Inputs in, NodeContext context) {
        Prompts prompts = in.handle("conditioning", Prompts.class);
        double strength = in.decimal("strength");
        if (strength == 0) {
            return Outputs.of(prompts.value());
        }
        ControlRef net = in.handle("control_net", ControlRef.class);
        HostTensor picture = picture(in);
        Control.Reach reach = new Control.Reach(strength, 0, 1, true);
        return Outputs.of(
                prompts.each(c -> c.steeredBy(new Control(net, picture, reach, c.control())))
                        .value());
    }

    public static Node controlNetApplyAdvanced() {
        return new SimpleNode(
                NodeDefinition.of("ControlNetApplyAdvanced", "nodes")
                        .displayed("Apply ControlNet")
                        .category("conditioning/controlnet")
                        .required("positive", link("CONDITIONING"))
                        .required("negative", link("CONDITIONING"))
                        .required("control_net", link("CONTROL_NET"))
                        .required("image", link("IMAGE"))
                        .required("strength", strength())
                        .required("start_percent", share(0))
                        .required("end_percent", share(1))
                        .optional("vae", link("VAE"))
                        .output("CONDITIONING", "positive")
                        .output("CONDITIONING", "negative")
                        .build(),
                ControlNodes::advanced);
    }

    private static Outputs advanced(Inputs in, NodeContext context) {
        Prompts positive = in.handle("positive", Prompts.class);
        Prompts negative = in.handle("negative", Prompts.class);
        double strength = in.decimal("strength");
        if (strength == 0) {
            return Outputs.of(positive.value(), negative.value());
        }
        ControlRef net = in.handle("control_net", ControlRef.class);
        HostTensor picture = picture(in);
        Control.Reach reach =
                new Control.Reach(
                        strength, in.decimal("start_percent"), in.decimal("end_percent"), false);
        Map<Optional<Control>, Control> made = new HashMap<>();
        UnaryOperator<Conditioning> steered =
                c ->
                        c.steeredBy(
                                made.computeIfAbsent(
                                        Optional.ofNullable(c.control()),
                                        before ->
                                                new Control(
                                                        net, picture, reach, before.orElse(null))));
        return Outputs.of(positive.each(steered).value(), negative.each(steered).value());
    }

    private static InputSpec strength() {
        return decimal(1).between(0, 10).step(0.01);
    }

    private static InputSpec share(double preset) {
        return decimal(preset).between(0, 1).step(0.001);
    }

    private static HostTensor picture(Inputs in) {
        Image image = Grids.withChannels(in.image("image"), CHANNELS);
        return new HostTensor(image.data(), image.batch(), image.height(), image.width(), CHANNELS);
    }
}
