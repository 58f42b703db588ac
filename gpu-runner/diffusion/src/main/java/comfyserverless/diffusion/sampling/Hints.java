package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;

/// The pictures of controls, brought to the size and number of latents (`common_upscale` with nearest-exact from the
/// centre, and `broadcast_image_to`, ComfyUI 0.3.64).
final class Hints {

    private Hints() {}

    /// Pictures in another size, channels first.
    ///
    /// @param picture (batch, height, width, channels)
    /// @return (batch, channels, new height, new width)
    static HostTensor fitted(HostTensor picture, int height, int width) {
        int oldHeight = (int) picture.size(1);
        int oldWidth = (int) picture.size(2);
        double oldShape = (double) oldWidth / oldHeight;
        double newShape = (double) width / height;
        int left =
                oldShape > newShape
                        ? (int) Math.rint((oldWidth - oldWidth * (newShape / oldShape)) / 2)
                        : 0;
        int top =
                oldShape < newShape
                        ? (int) Math.rint((oldHeight - oldHeight * (oldShape / newShape)) / 2)
                        : 0;
        int[] rows = nearest(oldHeight - 2 * top, height, top);
        int[] columns = nearest(oldWidth - 2 * left, width, left);
        int channels = (int) picture.size(3);
        int batch = (int) picture.size(0);
        float[] out = new float[batch * channels * height * width];
        int to = 0;
        for (int item = 0; item < batch; item++) {
            for (int c = 0; c < channels; c++) {
                for (int row : rows) {
                    int line = (item * oldHeight + row) * oldWidth;
                    for (int column : columns) {
                        out[to++] = picture.data()[(line + column) * channels + c];
                    }
                }
            }
        }
        return new HostTensor(out, batch, channels, height, width);
    }

    private static int[] nearest(int from, int to, int first) {
        int[] places = new int[to];
        float scale = (float) from / to;
        for (int i = 0; i < to; i++) {
            places[i] = first + Math.min(from - 1, (int) ((i + 0.5f) * scale));
        }
        return places;
    }

    /// A picture for each item: one for all stays one; several are repeated for each prompt's items.
    ///
    /// @param prompts how many prompts the batch holds
    static HostTensor spread(HostTensor pictures, int items, int prompts) {
        int given = (int) pictures.size(0);
        if (given == 1) {
            return pictures;
        }
        int length = pictures.data().length / given;
        float[] out = new float[items * prompts * length];
        for (int i = 0; i < items * prompts; i++) {
            System.arraycopy(pictures.data(), i % items % given * length, out, i * length, length);
        }
        long[] shape = pictures.shape();
        shape[0] = (long) items * prompts;
        return new HostTensor(out, shape);
    }
}
