package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a network sees with the prompts of a run, side by side (`calc_cond_batch` and `process_conds`, ComfyUI 0.3.64).
///
/// Prompts that fit together run as one batch, the last ones first.
final class Guidance {

    private final NoiseModel model;
    private final Map<Side, List<Placed>> sides;
    private final long[] latent;
    private final List<BlockPatch> blocks;

    /// Joined contexts by the prompts they join; each is made once, so that a model can keep what it derives.
    private final Map<Joined, NoiseModel.Context> contexts;

    /// Those of prompts that are none of the run's.
    private final IdentityHashMap<List<Conditioning>, Guidance> others = new IdentityHashMap<>();

    private record Place(Side side, int number) {}

    private record Joined(List<Place> places, List<Control> controls, long height, long width) {}

    private Guidance(
            NoiseModel model,
            Map<Side, List<Placed>> sides,
            long[] latent,
            List<BlockPatch> blocks,
            Map<Joined, NoiseModel.Context> contexts) {
        this.model = model;
        this.sides = sides;
        this.latent = latent;
        this.blocks = blocks;
        this.contexts = contexts;
    }

    /// @param blocks what changes the network's inside
    /// @param latent shape of the latents to be sampled
    static Guidance of(
            NoiseModel model,
            Map<Side, List<Conditioning>> prompts,
            List<BlockPatch> blocks,
            long... latent) {
        Map<Side, List<Placed>> sides = new EnumMap<>(Side.class);
        prompts.forEach(
                (side, all) -> sides.put(side, place(all, model, side != Side.POSITIVE, latent)));
        for (Map.Entry<Side, List<Placed>> own : sides.entrySet()) {
            for (Placed placed : List.copyOf(own.getValue())) {
                sides.forEach((side, others) -> {
                    if (side != own.getKey()) {
                        addCounterpart(others, placed);
                    }
                });
            }
        }
        List<Placed> positive = sides.getOrDefault(Side.POSITIVE, List.of());
        sides.forEach((side, others) -> {
            if (side != Side.POSITIVE) {
                spreadControls(positive, others);
            }
        });
        return new Guidance(model, sides, latent, blocks, new HashMap<>());
    }

    /// The same with further changes of the network's inside.
    Guidance under(List<BlockPatch> further) {
        if (further.isEmpty()) {
            return this;
        }
        List<BlockPatch> all = new ArrayList<>(blocks);
        all.addAll(further);
        return new Guidance(model, sides, latent, all, contexts);
    }

    /// Other prompts instead, as negative ones.
    Guidance with(List<Conditioning> prompts) {
        return others.computeIfAbsent(
                prompts, all -> of(model, Map.of(Side.NEGATIVE, all), blocks, latent));
    }

    boolean has(Side side) {
        return sides.containsKey(side);
    }

    NoiseModel model() {
        return model;
    }

    /// What the network sees with each of these sides, as few evaluations as can be.
    GuidanceStep.Seen evaluate(List<Side> wanted, HostTensor x, float sigma) {
        Map<Side, WeightedSum> sums = new EnumMap<>(Side.class);
        List<Job> waiting = new ArrayList<>();
        for (Side side : wanted) {
            List<Placed> placed = sides.get(side);
            for (int i = 0; placed != null && i < placed.size(); i++) {
                WeightedSum sum = sums.computeIfAbsent(side, s -> new WeightedSum(x.shape()));
                if (placed.get(i).appliesAt(sigma)) {
                    waiting.add(new Job(placed.get(i), new Place(side, i), sum));
                }
            }
        }
        while (!waiting.isEmpty()) {
            Job first = waiting.getFirst();
            run(waiting.stream().filter(job -> job.fits(first)).toList().reversed(), x, sigma);
            waiting.removeIf(job -> job.fits(first));
        }
        Map<Side, HostTensor> seen = new EnumMap<>(Side.class);
        sums.forEach((side, sum) -> seen.put(side, sum.result()));
        return new GuidanceStep.Seen(seen, HostTensor.zeros(x.shape()));
    }

    /// A prompt, its number, and where its result goes.
    private record Job(Placed placed, Place place, WeightedSum sum) {

        boolean fits(Job other) {
            return sameSize(placed.area(), other.placed.area())
                    && Contexts.joinable(placed, other.placed);
        }
    }

    private static boolean sameSize(Region.Area.@Nullable Cells a, Region.Area.@Nullable Cells b) {
        if (a == null || b == null) {
            return a == null && b == null;
        }
        return a.height() == b.height() && a.width() == b.width();
    }

    private void run(List<Job> batch, HostTensor x, float sigma) {
        List<HostTensor> inputs = new ArrayList<>();
        for (Job job : batch) {
            Region.Area.Cells area = job.placed().area();
            inputs.add(area == null ? x : Crop.of(x, area));
        }
        int items = (int) x.size(0);
        List<Placed> prompts = batch.stream().map(Job::placed).toList();
        Control control = prompts.getFirst().conditioning().control();
        List<Control> controls =
                control == null ? List.of() : control.active(model.sampling(), sigma);
        HostTensor first = inputs.getFirst();
        NoiseModel.Context context =
                contexts.computeIfAbsent(
                        new Joined(
                                batch.stream().map(Job::place).toList(),
                                controls,
                                first.size(2),
                                first.size(3)),
                        joined ->
                                Contexts.join(
                                        prompts, items, steering(joined, items, prompts.size())));
        List<HostTensor> outputs =
                Contexts.split(
                        denoise(
                                Contexts.concat(inputs),
                                sigma,
                                context,
                                batch.stream().map(job -> job.place().side()).toList()),
                        batch.size());
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).sum().add(outputs.get(i), batch.get(i).placed());
        }
    }

    private static List<NoiseModel.Steering> steering(Joined joined, int items, int prompts) {
        List<NoiseModel.Steering> steering = new ArrayList<>();
        for (Control control : joined.controls()) {
            int factor = control.model().factor();
            HostTensor fitted =
                    Hints.fitted(
                            control.picture(),
                            (int) joined.height() * factor,
                            (int) joined.width() * factor);
            steering.add(
                    new NoiseModel.Steering(
                            control.model(),
                            Hints.spread(fitted, items, prompts),
                            control.reach().strength()));
        }
        return steering;
    }

    /// The network's output turned into denoised latents.
    private HostTensor denoise(
            HostTensor x, float sigma, NoiseModel.Context context, List<Side> parts) {
        ModelSampling sampling = model.sampling();
        float[] timesteps = new float[(int) x.size(0)];
        Arrays.fill(timesteps, sampling.timestep(sigma));
        HostTensor input = Latents.times(sampling.inputScale(sigma), x);
        HostTensor output =
                blocks.isEmpty()
                        ? model.predict(input, timesteps, context)
                        : model.predict(
                                input,
                                timesteps,
                                context,
                                new NoiseModel.Inside(blocks, parts, sigma));
        return Latents.sum(sampling.kept(sigma), x, sampling.output(sigma), output);
    }

    private static List<Placed> place(
            List<Conditioning> prompts, NoiseModel model, boolean negative, long... latent) {
        List<Placed> placed = new ArrayList<>();
        for (Conditioning prompt : prompts) {
            placed.add(Placed.on(prompt, model, negative, latent));
        }
        return placed;
    }

    /// Sees to it that a prompt with a rectangle has one on the other side with the same rectangle: the smallest there
    /// that contains it, cut down.
    private static void addCounterpart(List<Placed> others, Placed placed) {
        Region.Area.Cells area = placed.area();
        if (area == null) {
            return;
        }
        Placed smallest = null;
        for (Placed other : others) {
            if (contains(other.area(), area)
                    && (smallest == null || isSmaller(other.area(), smallest.area()))) {
                smallest = other;
            }
        }
        if (smallest != null && !area.equals(smallest.area())) {
            others.add(placed.steeredBy(smallest));
        }
    }

    /// Where no negative prompt has a control of its own, they get those of the positive ones that ask for it, in turn
    /// (`apply_empty_x_to_equal_area`).
    private static void spreadControls(List<Placed> positive, List<Placed> negative) {
        List<Control> controls = new ArrayList<>();
        for (Placed placed : positive) {
            Control control = placed.conditioning().control();
            if (placed.area() == null && control != null && control.reach().untouched()) {
                controls.add(control);
            }
        }
        List<Integer> free = new ArrayList<>();
        for (int i = 0; i < negative.size(); i++) {
            if (negative.get(i).area() == null) {
                if (negative.get(i).conditioning().control() != null) {
                    return;
                }
                free.add(i);
            }
        }
        for (int i = 0; i < controls.size() && !free.isEmpty(); i++) {
            int place = free.get(i % free.size());
            negative.set(place, negative.get(place).under(controls.get(i)));
        }
    }

    private static boolean contains(Region.Area.@Nullable Cells outer, Region.Area.Cells inner) {
        return outer == null
                || (inner.y() >= outer.y()
                        && inner.x() >= outer.x()
                        && outer.y() + outer.height() >= inner.y() + inner.height()
                        && outer.x() + outer.width() >= inner.x() + inner.width());
    }

    private static boolean isSmaller(Region.Area.@Nullable Cells a, Region.Area.@Nullable Cells b) {
        return a != null && (b == null || a.height() * a.width() < b.height() * b.width());
    }
}
