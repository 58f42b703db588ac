package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// Rectangles cut out of the last two dimensions.
final class Crop {

    private Crop() {}

    static HostTensor of(HostTensor x, Region.Area.Cells area) {
        long[] shape = x.shape();
        int height = (int) shape[shape.length - 2];
        int width = (int) shape[shape.length - 1];
        int planes = x.data().length / (height * width);
        float[] out = new float[planes * area.height() * area.width()];
        for (int plane = 0; plane < planes; plane++) {
            for (int y = 0; y < area.height(); y++) {
                System.arraycopy(
                        x.data(),
                        (plane * height + area.y() + y) * width + area.x(),
                        out,
                        (plane * area.height() + y) * area.width(),
                        area.width());
            }
        }
        shape[shape.length - 2] = area.height();
        shape[shape.length - 1] = area.width();
        return new HostTensor(out, shape);
    }
}
