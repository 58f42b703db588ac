package comfyserverless.runner.media;

import java.util.List;
import org.bytedeco.ffmpeg.global.avutil;

/// How frames are encoded.
public enum VideoCodec {
    H264(avutil.AV_PIX_FMT_YUV420P, "libx264", "libopenh264"),
    VP9(avutil.AV_PIX_FMT_YUV420P, "libvpx-vp9"),
    AV1(avutil.AV_PIX_FMT_YUV420P10LE, "libsvtav1");

    private final int pixels;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> encoders;

    VideoCodec(int pixels, String... encoders) {
        this.pixels = pixels;
        this.encoders = List.of(encoders);
    }

    /// FFmpeg's number of the pixel format.
    int pixels() {
        return pixels;
    }

    /// The first encoder that the library has.
    String encoder() {
        return encoders.stream()
                .filter(Ffmpeg::hasEncoder)
                .findFirst()
                .orElseThrow(() -> new MediaException("this FFmpeg has no encoder of " + encoders));
    }
}
