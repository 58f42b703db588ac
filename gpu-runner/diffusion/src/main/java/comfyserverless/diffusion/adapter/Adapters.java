package comfyserverless.diffusion.adapter;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Script;
import comfyserverless.diffusion.torch.Tensor;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.torch.TorchException;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Computes the weights that adapter files and merges change: in float32, one after another, then back to the type in
/// which the weight is held. The weights that they start from stay as they are. Used on the device's thread.
public final class Adapters {

    private static final Logger LOG = LoggerFactory.getLogger(Adapters.class);

    private Adapters() {}

    /// What adapters are laid on.
    ///
    /// @param held the model's weights, kept
    /// @param names its weights by each name they go by in adapter files ([LoraNames])
    /// @param part which part of its model it is
    public record Target(Weights held, Map<String, String> names, int part) {}

    /// The model's weights with the changed ones in their places, which `owner` holds.
    ///
    /// @param changes in the order in which they were applied
    /// @throws comfyserverless.diffusion.weights.NotEnoughMemoryException when the changed weights would not fit
    public static Weights changed(
            Torch torch,
            MemoryBudget budget,
            List<? extends WeightChange> changes,
            Target target,
            Scope owner) {
        budget.require(
                changedBytes(changes, target),
                "laying %d adapters on a model".formatted(changes.size()),
                "Use fewer of them");
        return target.held().replacing(owner, apply(torch, changes, target, owner));
    }

    /// What the changed weights take: each in float32 until all adapters are applied, then in its own type too.
    static long changedBytes(List<? extends WeightChange> changes, Target target) {
        Set<String> known = target.held().keptNames();
        Set<String> touched = new HashSet<>();
        for (WeightChange change : changes) {
            touched.addAll(
                    switch (change) {
                        case AppliedLora lora ->
                                LoraFile.read(lora.file()).patches(target.names()).keySet();
                        case Merge _ -> known;
                    });
        }
        touched.retainAll(known);
        DType held = target.held().type();
        int each = DType.F32.bytes() + (held == DType.F32 ? 0 : held.bytes());
        return touched.stream()
                .mapToLong(weight -> target.held().dict().entry(weight).count() * each)
                .sum();
    }

    private static Map<String, Tensor> apply(
            Torch torch, List<? extends WeightChange> changes, Target target, Scope owner) {
        Changing changing = new Changing(torch, target, owner, new LinkedHashMap<>());
        for (WeightChange change : changes) {
            switch (change) {
                case AppliedLora lora -> changing.lay(lora);
                case Merge merge -> changing.merge(merge);
            }
        }
        Map<String, Tensor> changed = changing.changed();
        Weights held = target.held();
        try (Scope _ = torch.scope()) {
            changed.replaceAll((_, wide) -> owner.take(wide.to(held.type(), torch.device())));
        }
        return changed;
    }

    /// Weights on their way.
    ///
    /// @param changed those that are no longer as they were, in float32
    private record Changing(Torch torch, Target target, Scope owner, Map<String, Tensor> changed) {

        void lay(AppliedLora lora) {
            Script script = torch.load(Adapters.class, "adapters.py");
            Set<String> known = target.held().keptNames();
            LoraFile file = LoraFile.read(lora.file());
            try (Weights source = Weights.open(torch, file.dict(), DType.F32)) {
                Patching patching = new Patching(torch, script, source, lora.strength());
                file.patches(target.names())
                        .forEach((weight, patch) -> {
                            if (!known.contains(weight) || patching.changesNothing(patch)) {
                                return;
                            }
                            try (Scope _ = torch.scope()) {
                                patching.patched(now(weight), patch, weight)
                                        .ifPresent(after -> changed.put(weight, owner.take(after)));
                            }
                        });
            }
        }

        void merge(Merge merge) {
            for (String weight : target.held().keptNames()) {
                MergeRatios.Mix mix = merge.ratios().of(weight);
                try (Scope _ = torch.scope()) {
                    Optional<Tensor> theirs = merge.weight(target.part(), weight);
                    if (theirs.isEmpty()) {
                        continue;
                    }
                    Tensor own = now(weight);
                    Tensor other = theirs.get().to(DType.F32, torch.device());
                    if (!Arrays.equals(own.shape(), other.shape())) {
                        LOG.warn(
                                "WARNING SHAPE MISMATCH {} WEIGHT NOT MERGED {} != {}",
                                weight,
                                Arrays.toString(other.shape()),
                                Arrays.toString(own.shape()));
                        continue;
                    }
                    Tensor mixed =
                            own.mul(torch.full(mix.own(), 1))
                                    .add(other.mul(torch.full(mix.other(), 1)));
                    changed.put(weight, owner.take(mixed));
                }
            }
        }

        private Tensor now(String weight) {
            Tensor before = changed.get(weight);
            return before == null
                    ? target.held().get(weight).to(DType.F32, torch.device())
                    : before;
        }
    }

    private record Patching(Torch torch, Script script, Weights source, double strength) {

        boolean changesNothing(WeightPatch patch) {
            return strength == 0 && patch.kind() != WeightPatch.Kind.REPLACEMENT;
        }

        /// Empty, and logged, when the adapter does not fit the weight: it then stays as it is, as in ComfyUI.
        Optional<Tensor> patched(Tensor start, WeightPatch patch, String weight) {
            String alphaName = patch.alpha();
            if (alphaName == null && patch.kind() == WeightPatch.Kind.BOFT) {
                LOG.error("ERROR boft {}: it has no alpha", weight);
                return Optional.empty();
            }
            double alpha = alphaName == null ? 0 : source.get(alphaName).toHost().data()[0];
            List<Tensor> tensors = new ArrayList<>();
            for (String name : patch.tensors()) {
                tensors.add(name.isEmpty() ? torch.zeros(0) : source.get(name));
            }
            String dora = patch.dora();
            try {
                return Optional.of(
                        script.call(patch.kind().function())
                                .with(start)
                                .with(torch.list(tensors))
                                .with(alpha)
                                .with(alphaName == null ? 0L : 1L)
                                .with(strength)
                                .with(
                                        torch.list(
                                                dora == null
                                                        ? List.of()
                                                        : List.of(source.get(dora))))
                                .tensor());
            } catch (TorchException e) {
                LOG.error("ERROR {} {} {}", patch.kind().function(), weight, e.getMessage());
                return Optional.empty();
            }
        }
    }
}
