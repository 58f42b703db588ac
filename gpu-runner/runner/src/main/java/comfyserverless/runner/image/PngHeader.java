package comfyserverless.runner.image;

/// What a PNG's header says of its colours.
final class PngHeader {
    private static final int COLOUR_TYPE = 25;
    private static final int GREY = 0;
    private static final int RGB = 2;

    private PngHeader() {}

    /// Whether it is grey or RGB without an alpha channel (a transparent colour is none, to Pillow).
    static boolean withoutAlpha(byte[] png) {
        return png.length > COLOUR_TYPE && (png[COLOUR_TYPE] == GREY || png[COLOUR_TYPE] == RGB);
    }
}
