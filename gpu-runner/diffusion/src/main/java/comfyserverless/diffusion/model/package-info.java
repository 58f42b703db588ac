/// What a family of models has to bring so that the rest can load, sample and adapt it: network and text encoders.
@NullMarked
package comfyserverless.diffusion.model;

import org.jspecify.annotations.NullMarked;
