package comfyserverless.runner.media;

import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/// The native library: loaded by the first node that needs it, quiet save for errors.
final class Ffmpeg {
    static {
        avutil.av_log_set_level(avutil.AV_LOG_ERROR);
    }

    private Ffmpeg() {}

    /// Loads the library.
    static void load() {
        // the static part above does it, once
    }

    static boolean hasEncoder(String name) {
        return avcodec.avcodec_find_encoder_by_name(name) != null;
    }
}
