/// Sampling: from noise to a latent, step by step.
///
/// Start reading at [comfyserverless.diffusion.sampling.Sampling]. Everything here works on numbers in the Java heap:
/// a latent is small beside a network's work, previews need it there each step, and samplers become pure functions that
/// give the same numbers on every machine. Only the network behind [comfyserverless.diffusion.sampling.NoiseModel]
/// runs on a device.
@NullMarked
package comfyserverless.diffusion.sampling;

import org.jspecify.annotations.NullMarked;
