package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.modelFile;

import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.diffusion.Network;
import comfyserverless.diffusion.TextEncoder;
import comfyserverless.diffusion.adapter.AppliedLora;
import comfyserverless.diffusion.adapter.LoraFile;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The nodes that lay an adapter (LoRA and its kin) on a network and a text encoder.
public final class LoraNodes {
    private static final Logger LOG = LoggerFactory.getLogger(LoraNodes.class);

    private LoraNodes() {}

    public static Node loraLoader() {
        return new SimpleNode(
                NodeDefinition.of("LoraLoader", "nodes")
                        .displayed("Load LoRA")
                        .category("loaders")
                        .describe(
                                "Changes a model by an adapter file; several can follow each other.")
                        .required("model", link("MODEL").tooltip("The network to change."))
                        .required("clip", link("CLIP").tooltip("The text encoder to change."))
                        .required("lora_name", modelFile("loras").tooltip("The adapter's file."))
                        .required(
                                "strength_model",
                                strength().tooltip("How much of it the network gets."))
                        .required(
                                "strength_clip",
                                strength().tooltip("How much of it the text encoder gets."))
                        .output(new Output("MODEL", "MODEL", false, "The changed network."))
                        .output(new Output("CLIP", "CLIP", false, "The changed text encoder."))
                        .build(),
                LoraNodes::both);
    }

    public static Node loraLoaderModelOnly() {
        return new SimpleNode(
                NodeDefinition.of("LoraLoaderModelOnly", "nodes")
                        .displayed("LoraLoaderModelOnly")
                        .category("loaders")
                        .required("model", link("MODEL"))
                        .required("lora_name", modelFile("loras"))
                        .required("strength_model", strength())
                        .output("MODEL")
                        .build(),
                LoraNodes::network);
    }

    private static InputSpec.Decimal strength() {
        return decimal(1.0).between(-100, 100).step(0.01);
    }

    private static Outputs both(Inputs in, NodeContext context) {
        ModelHandle.Network model = in.handle("model", ModelHandle.Network.class);
        ModelHandle.Encoder clip = in.handle("clip", ModelHandle.Encoder.class);
        double onModel = in.decimal("strength_model");
        double onClip = in.decimal("strength_clip");
        if (onModel == 0 && onClip == 0) {
            return Outputs.of(model.value(), clip.value());
        }
        Path file = file(in, context);
        Map<String, String> names = new HashMap<>(model.network().use(Network::adapterNames));
        names.putAll(clip.encoder().use(TextEncoder::adapterNames));
        tellUnused(file, names);
        return Outputs.of(
                model.with(AppliedLora.of(file, onModel)).value(),
                clip.with(AppliedLora.of(file, onClip)).value());
    }

    private static Outputs network(Inputs in, NodeContext context) {
        ModelHandle.Network model = in.handle("model", ModelHandle.Network.class);
        double strength = in.decimal("strength_model");
        if (strength == 0) {
            return Outputs.of(model.value());
        }
        Path file = file(in, context);
        tellUnused(file, model.network().use(Network::adapterNames));
        return Outputs.of(model.with(AppliedLora.of(file, strength)).value());
    }

    private static Path file(Inputs in, NodeContext context) {
        return context.files().model("loras", in.text("lora_name"));
    }

    /// Also refuses a file that is no adapter file at once, rather than when a sampler runs.
    private static void tellUnused(Path file, Map<String, String> names) {
        try {
            LoraFile.read(file)
                    .unused(names)
                    .forEach(name -> LOG.warn("lora key not loaded: {}", name));
        } catch (ModelFileException e) {
            throw new NodeException("RuntimeError", String.valueOf(e.getMessage()), e);
        }
    }
}
