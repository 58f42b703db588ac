package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.sampling.Control;
import comfyserverless.diffusion.sampling.ControlModel;
import comfyserverless.diffusion.unet.ControlNet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What a CONTROL_NET socket carries, and prompts hold: a ControlNet that is loaded when a sampler runs.
public final class ControlRef implements ControlModel {
    private final ModelRef<ControlNet> model;

    ControlRef(ModelRef<ControlNet> model) {
        this.model = model;
    }

    @Override
    public int factor() {
        return model.use(ControlNet::factor);
    }

    /// Work with prompts whose controls are loaded.
    @FunctionalInterface
    public interface Work<T> {
        /// Runs the work.
        ///
        /// @param loaded gives a prompt with loaded controls
        T with(UnaryOperator<Conditioning> loaded);
    }

    /// Runs something while every ControlNet of these prompts stays loaded.
    public static <T> T loaded(List<Conditioning> prompts, Work<T> work) {
        List<ControlRef> refs =
                prompts.stream()
                        .map(Conditioning::control)
                        .filter(control -> control != null)
                        .flatMap(control -> control.chain().stream())
                        .map(Control::model)
                        .filter(ControlRef.class::isInstance)
                        .map(ControlRef.class::cast)
                        .distinct()
                        .toList();
        return loaded(new ArrayList<>(refs), new HashMap<>(), work);
    }

    private static <T> T loaded(
            List<ControlRef> open, Map<ControlModel, ControlNet> nets, Work<T> work) {
        if (open.isEmpty()) {
            Map<Control, Control> known = new HashMap<>();
            return work.with(prompt -> prompt.steeredBy(with(prompt.control(), nets, known)));
        }
        ControlRef next = open.removeLast();
        return next.model.use(net -> {
            nets.put(next, net);
            return loaded(open, nets, work);
        });
    }

    /// Prompts with the same control have the same one afterwards too, or they would no longer run in one batch.
    private static @Nullable Control with(
            @Nullable Control control,
            Map<ControlModel, ControlNet> nets,
            Map<Control, Control> known) {
        if (control == null) {
            return null;
        }
        Control done = known.get(control);
        if (done == null) {
            ControlModel model = control.model();
            done =
                    new Control(
                            nets.containsKey(model) ? nets.get(model) : model,
                            control.picture(),
                            control.reach(),
                            with(control.previous(), nets, known));
            known.put(control, done);
        }
        return done;
    }
}
