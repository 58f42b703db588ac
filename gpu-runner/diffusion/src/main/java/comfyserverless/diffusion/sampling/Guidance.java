package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Classifier-free guidance: what the network sees with the positive prompts, pushed away from what it sees with the
/// negative ones (`sampling_function`, ComfyUI 0.3.64).
///
/// Prompts that fit together run as one batch, the negative ones first. At a scale of 1 the negative ones do not run.
final class Guidance implements Denoiser {

    private static final double NO_GUIDANCE_WITHIN = 1e-9;

    private final NoiseModel model;
    private final double scale;
    private final List<Placed> positive;
    private final List<Placed> negative;

    /// Joined contexts by the numbers of the prompts they join; each is made once, so that a model can keep what it
    /// derives. A positive prompt's number is its index, a negative one's is −1 − index.
    private final Map<Joined, NoiseModel.Context> contexts = new HashMap<>();

    private record Joined(List<Integer> numbers, List<Control> controls, long height, long width) {}

    private Guidance(NoiseModel model, double scale, List<Placed> positive, List<Placed> negative) {
        this.model = model;
        this.scale = scale;
        this.positive = positive;
        this.negative = negative;
    }

    /// @param latent shape of the latents to be sampled
    static Guidance of(
            NoiseModel model,
            double scale,
            List<Conditioning> positive,
            List<Conditioning> negative,
            long... latent) {
        List<Placed> with = place(positive, model, false, latent);
        List<Placed> without = place(negative, model, true, latent);
        for (Placed placed : List.copyOf(with)) {
            addCounterpart(without, placed);
        }
        for (Placed placed : List.copyOf(without)) {
            addCounterpart(with, placed);
        }
        spreadControls(with, without);
        return new Guidance(model, scale, with, without);
    }

    @Override
    public HostTensor denoise(HostTensor x, float sigma) {
        if (Math.abs(scale - 1) <= NO_GUIDANCE_WITHIN * Math.max(scale, 1)) {
            Sums sums = evaluate(x, sigma, false);
            HostTensor positive = sums.positive().result();
            return model.sidesPatches().isEmpty()
                    ? positive
                    : patched(positive, HostTensor.zeros(x.shape())).positive();
        }
        return denoiseBoth(x, sigma).denoised();
    }

    @Override
    public Guided denoiseBoth(HostTensor x, float sigma) {
        Sums sums = evaluate(x, sigma, true);
        SidesPatch.Sides sides = patched(sums.positive().result(), sums.negative().result());
        return new Guided(guide(sides.negative(), sides.positive()), sides.negative());
    }

    private SidesPatch.Sides patched(HostTensor positive, HostTensor negative) {
        SidesPatch.Sides sides = new SidesPatch.Sides(positive, negative);
        for (SidesPatch patch : model.sidesPatches()) {
            sides = patch.apply(sides);
        }
        return sides;
    }

    /// unguided + (guided − unguided) · scale
    private HostTensor guide(HostTensor unguided, HostTensor guided) {
        float factor = (float) scale;
        float[] from = unguided.data();
        float[] to = guided.data();
        float[] out = new float[from.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = from[i] + (to[i] - from[i]) * factor;
        }
        return new HostTensor(out, unguided.shape());
    }

    private record Sums(WeightedSum positive, WeightedSum negative) {}

    private Sums evaluate(HostTensor x, float sigma, boolean both) {
        Sums sums = new Sums(new WeightedSum(x.shape()), new WeightedSum(x.shape()));
        List<Job> waiting = new ArrayList<>();
        for (int i = 0; i < positive.size(); i++) {
            queue(new Job(positive.get(i), i, sums.positive()), sigma, waiting);
        }
        for (int i = 0; both && i < negative.size(); i++) {
            queue(new Job(negative.get(i), -1 - i, sums.negative()), sigma, waiting);
        }
        while (!waiting.isEmpty()) {
            Job first = waiting.getFirst();
            run(waiting.stream().filter(job -> job.fits(first)).toList().reversed(), x, sigma);
            waiting.removeIf(job -> job.fits(first));
        }
        return sums;
    }

    /// A prompt, its number, and where its result goes.
    private record Job(Placed placed, int number, WeightedSum sum) {

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

    private static void queue(Job job, float sigma, List<Job> waiting) {
        if (job.placed().appliesAt(sigma)) {
            waiting.add(job);
        }
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
                                batch.stream().map(Job::number).toList(),
                                controls,
                                first.size(2),
                                first.size(3)),
                        joined ->
                                Contexts.join(
                                        prompts, items, steering(joined, items, prompts.size())));
        List<HostTensor> outputs =
                Contexts.split(denoise(Contexts.concat(inputs), sigma, context), batch.size());
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
    private HostTensor denoise(HostTensor x, float sigma, NoiseModel.Context context) {
        ModelSampling sampling = model.sampling();
        Prediction prediction = sampling.prediction();
        double data = sampling.dataDeviation();
        float[] timesteps = new float[(int) x.size(0)];
        Arrays.fill(timesteps, sampling.timestep(sigma));
        HostTensor input = Latents.times(prediction.inputScale(sigma, data), x);
        HostTensor output = model.predict(input, timesteps, context);
        return Latents.sum(prediction.kept(sigma, data), x, prediction.output(sigma, data), output);
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
