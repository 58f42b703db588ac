package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An encoded prompt and where and when it applies.
///
/// @param context (1, tokens, width), or one for each item of the batch
/// @param pooled the whole text in one vector: (1, width)
/// @param strength its weight against others at the same place
/// @param region the part of the picture it applies to
/// @param start share of sampling after which it applies, 0 = from the beginning
/// @param end share of sampling up to which it applies, 1 = to the end
/// @param control what steers it besides; null for nothing
/// @param numbers what nodes say of it besides, for networks that read it
public record Conditioning(
        HostTensor context,
        @Nullable HostTensor pooled,
        double strength,
        Region region,
        double start,
        double end,
        @Nullable Control control,
        Map<PromptNumber, Double> numbers) {

    public Conditioning {
        numbers = Map.copyOf(numbers);
    }

    /// A prompt for the whole picture, all the time.
    public static Conditioning of(HostTensor context, @Nullable HostTensor pooled) {
        return new Conditioning(context, pooled, 1, Region.WHOLE, 0, 1, null, Map.of());
    }

    /// Another text at this prompt's place and time.
    public Conditioning saying(HostTensor otherContext, @Nullable HostTensor otherPooled) {
        return new Conditioning(
                otherContext, otherPooled, strength, region, start, end, control, numbers);
    }

    /// This prompt with another weight.
    public Conditioning withStrength(double other) {
        return new Conditioning(context, pooled, other, region, start, end, control, numbers);
    }

    /// This prompt for a part of the picture.
    public Conditioning in(Region other) {
        return new Conditioning(context, pooled, strength, other, start, end, control, numbers);
    }

    /// This prompt for a part of sampling.
    public Conditioning between(double from, double to) {
        return new Conditioning(context, pooled, strength, region, from, to, control, numbers);
    }

    /// This prompt under other controls.
    public Conditioning steeredBy(@Nullable Control other) {
        return new Conditioning(context, pooled, strength, region, start, end, other, numbers);
    }

    /// This prompt with one number more, or with another in its place.
    public Conditioning with(PromptNumber number, double value) {
        Map<PromptNumber, Double> all = new EnumMap<>(PromptNumber.class);
        all.putAll(numbers);
        all.put(number, value);
        return new Conditioning(context, pooled, strength, region, start, end, control, all);
    }

    /// A number of it, or what to take where nodes say nothing.
    public double number(PromptNumber number, double otherwise) {
        return numbers.getOrDefault(number, otherwise);
    }
}
