package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Classifier-free guidance and its kin: what the network sees with the prompts, put together as the guider says, under
/// the patches of the model (`sampling_function` and `cfg_function`, ComfyUI 0.3.64).
///
/// @param patches of this run
record GuidedDenoiser(Guidance guidance, Guider guider, List<ModelPatch> patches)
        implements Denoiser {

    private static final double NO_GUIDANCE_WITHIN = 1e-9;

    /// @param patches of this run
    /// @param latent shape of the latents to be sampled
    static GuidedDenoiser of(
            NoiseModel model, Guider guider, List<ModelPatch> patches, long... latent) {
        List<BlockPatch> blocks = kind(patches, BlockPatch.class);
        return new GuidedDenoiser(
                Guidance.of(model, guider.prompts(), blocks, latent), guider, List.copyOf(patches));
    }

    @Override
    public HostTensor denoise(HostTensor x, float sigma) {
        boolean wanted = patches.stream().anyMatch(ModelPatch::needsNegative);
        return guided(x, sigma, wanted).denoised();
    }

    @Override
    public Guided denoiseBoth(HostTensor x, float sigma) {
        return guided(x, sigma, true);
    }

    /// @param everything whether no prompt may be left out
    private Guided guided(HostTensor x, float sigma, boolean everything) {
        return switch (guider) {
            case Guider.Unguided _ -> classifierFree(x, sigma, 1, false);
            case Guider.ClassifierFree free ->
                    classifierFree(x, sigma, free.scale(), everything || counts(free.scale()));
            case Guider.Dual dual ->
                    dual.nested() ? nested(x, sigma, dual) : added(x, sigma, dual, everything);
            case Guider.Perpendicular apart -> perpendicular(x, sigma, apart, everything);
        };
    }

    private static boolean counts(double scale) {
        return Math.abs(scale - 1) > NO_GUIDANCE_WITHIN * Math.max(Math.abs(scale), 1);
    }

    private Guided classifierFree(HostTensor x, float sigma, double scale, boolean both) {
        List<Side> wanted = both ? List.of(Side.POSITIVE, Side.NEGATIVE) : List.of(Side.POSITIVE);
        GuidanceStep.Seen seen = guidance.evaluate(wanted, x, sigma);
        GuidanceStep step = step(x, sigma, scale, Side.POSITIVE, both ? Side.NEGATIVE : null);
        return together(
                before(
                        new SidesPatch.Sides(seen.sees(Side.POSITIVE), seen.sees(Side.NEGATIVE)),
                        step),
                step);
    }

    private Guided nested(HostTensor x, float sigma, Guider.Dual dual) {
        GuidanceStep.Seen seen =
                guidance.evaluate(List.of(Side.NEGATIVE, Side.SECOND, Side.POSITIVE), x, sigma);
        Guided first =
                together(
                        new SidesPatch.Sides(seen.sees(Side.POSITIVE), seen.sees(Side.SECOND)),
                        step(x, sigma, dual.firstScale(), Side.POSITIVE, Side.SECOND));
        HostTensor base = seen.sees(Side.NEGATIVE);
        return new Guided(led(base, first.denoised(), dual.secondScale()), first.unconditional());
    }

    private Guided added(HostTensor x, float sigma, Guider.Dual dual, boolean everything) {
        boolean negative = everything || counts(dual.secondScale());
        boolean second = negative || counts(dual.firstScale());
        List<Side> wanted = new ArrayList<>();
        if (negative) {
            wanted.add(Side.NEGATIVE);
        }
        if (second) {
            wanted.add(Side.SECOND);
        }
        wanted.add(Side.POSITIVE);
        GuidanceStep.Seen seen = guidance.evaluate(wanted, x, sigma);
        Side positive = second ? Side.SECOND : Side.POSITIVE;
        GuidanceStep step =
                step(x, sigma, dual.secondScale(), positive, negative ? Side.NEGATIVE : null);
        HostTensor middle = seen.sees(Side.SECOND);
        Guided base = together(new SidesPatch.Sides(middle, seen.sees(Side.NEGATIVE)), step);
        HostTensor way = Latents.difference(seen.sees(Side.POSITIVE), middle, 1);
        return new Guided(
                Latents.plus(base.denoised(), dual.firstScale(), way), base.unconditional());
    }

    private Guided perpendicular(
            HostTensor x, float sigma, Guider.Perpendicular apart, boolean everything) {
        boolean negative = everything || apart.negativeScale() != 0;
        boolean empty = negative || counts(apart.scale());
        List<Side> wanted = new ArrayList<>(List.of(Side.POSITIVE));
        if (negative) {
            wanted.add(Side.NEGATIVE);
        }
        if (empty) {
            wanted.add(Side.SECOND);
        }
        GuidanceStep.Seen seen = guidance.evaluate(wanted, x, sigma);
        GuidanceStep step =
                step(x, sigma, apart.scale(), Side.POSITIVE, negative ? Side.NEGATIVE : null);
        SidesPatch.Sides sides =
                before(
                        new SidesPatch.Sides(seen.sees(Side.POSITIVE), seen.sees(Side.NEGATIVE)),
                        step);
        HostTensor result =
                PerpNeg.guided(sides, seen.sees(Side.SECOND), apart.negativeScale(), apart.scale());
        return new Guided(after(result, sides, step), sides.negative());
    }

    private GuidanceStep step(
            HostTensor x, float sigma, double scale, Side positive, @Nullable Side negative) {
        return new GuidanceStep(
                guidance,
                x,
                sigma,
                scale,
                positive,
                negative != null && guidance.has(negative) ? negative : null);
    }

    private SidesPatch.Sides before(SidesPatch.Sides seen, GuidanceStep step) {
        SidesPatch.Sides sides = seen;
        for (SidesPatch patch : kind(patches, SidesPatch.class)) {
            sides = patch.apply(sides, step);
        }
        return sides;
    }

    private Guided together(SidesPatch.Sides sides, GuidanceStep step) {
        List<ModelPatch.Combination> ways = kind(patches, ModelPatch.Combination.class);
        HostTensor result =
                ways.isEmpty()
                        ? led(sides.negative(), sides.positive(), step.scale())
                        : ways.getLast().combine(sides, step);
        return new Guided(after(result, sides, step), sides.negative());
    }

    private HostTensor after(HostTensor result, SidesPatch.Sides sides, GuidanceStep step) {
        HostTensor changed = result;
        for (ModelPatch.Result patch : kind(patches, ModelPatch.Result.class)) {
            changed = patch.change(changed, sides, step);
        }
        return changed;
    }

    /// from + (to − from) · scale
    private static HostTensor led(HostTensor from, HostTensor to, double scale) {
        return Latents.plus(from, scale, Latents.difference(to, from, 1));
    }

    private static <P extends ModelPatch> List<P> kind(List<ModelPatch> patches, Class<P> kind) {
        return patches.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
