package comfyserverless.diffusion.unet;

import comfyserverless.diffusion.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What controls add to a UNet: to each skip connection, and behind the middle.
///
/// @param outputs for the skip connections, in the order in which they are made
public record Residuals(List<Tensor> outputs, Tensor middle) {

    private static final Logger LOG = LoggerFactory.getLogger(Residuals.class);

    public Residuals {
        outputs = List.copyOf(outputs);
    }

    /// These and those of a control that was applied later.
    public Residuals plus(Residuals later) {
        List<Tensor> sums = new ArrayList<>();
        for (int i = 0; i < Math.max(outputs.size(), later.outputs.size()); i++) {
            if (i >= outputs.size()) {
                sums.add(later.outputs.get(i));
            } else if (i >= later.outputs.size()) {
                sums.add(outputs.get(i));
            } else {
                sums.add(outputs.get(i).add(later.outputs.get(i)));
            }
        }
        return new Residuals(sums, middle.add(later.middle));
    }

    /// The sum; one that does not fit is told and left out, as in ComfyUI.
    static Tensor added(Tensor h, Tensor residual) {
        if (!Arrays.equals(h.shape(), residual.shape())) {
            LOG.warn(
                    "warning control could not be applied {} {}",
                    Arrays.toString(h.shape()),
                    Arrays.toString(residual.shape()));
            return h;
        }
        return h.add(residual);
    }
}
