package comfyserverless.runner.nodes.sampling;

import comfyserverless.diffusion.sampling.Guider;
import comfyserverless.runner.nodes.model.ModelHandle;

/// What GUIDER sockets carry: a model and how prompts lead it.
record LedModel(ModelHandle.Network model, Guider guider) {}
