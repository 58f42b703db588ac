package comfyserverless.runner.media;

import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Video;
import comfyserverless.runner.image.Pixels;
import java.nio.ByteBuffer;
import java.util.Map;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameRecorder;
import org.jspecify.annotations.Nullable;

/// Encodes frames and sound into a video file.
public final class VideoWriter {
    /// Bits of H.264 for a pixel: OpenH264 has no constant quality, so its bit rate follows the size.
    private static final double BITS_PER_PIXEL = 0.2;

    private static final int LEAST_BIT_RATE = 500_000;
    private static final int RGB = 3;
    private static final String X264_QUALITY = "23";

    private VideoWriter() {}

    /// How a video is written.
    ///
    /// @param container FFmpeg's name of the format (`mp4`, `webm`)
    /// @param quality the constant rate factor, less is better; null for the codec's usual quality
    /// @param texts what is written beside the streams, by name
    public record Encoding(
            String container,
            VideoCodec codec,
            @Nullable Double quality,
            Map<String, String> texts) {
        public Encoding {
            texts = Map.copyOf(texts);
        }
    }

    /// The bytes of a video file. An odd width or height becomes the next even one.
    ///
    /// @param everyFrame called before each frame; what it throws ends the work
    /// @throws MediaException if FFmpeg refuses
    public static byte[] write(Video.Frames video, Encoding encoding, Runnable everyFrame) {
        Ffmpeg.load();
        Image images = video.images();
        Audio audio = video.audio() == null ? null : AudioCodec.AAC.fitted(video.audio());
        try (TemporaryFile file = TemporaryFile.empty(encoding.container());
                FFmpegFrameRecorder recorder =
                        new FFmpegFrameRecorder(
                                file.path().toFile(),
                                images.width(),
                                images.height(),
                                audio == null ? 0 : audio.channels())) {
            set(recorder, images, video.frameRate(), encoding);
            if (audio != null) {
                recorder.setAudioCodecName(AudioCodec.AAC.encoder());
                recorder.setSampleRate(audio.sampleRate());
                recorder.setAudioBitrate(AudioCodec.USUAL_BIT_RATE);
            }
            recorder.start();
            frames(recorder, images, everyFrame);
            if (audio != null) {
                int most = (int) Math.ceil(audio.sampleRate() / video.frameRate() * images.batch());
                recorder.recordSamples(
                        audio.sampleRate(),
                        audio.channels(),
                        AudioWriter.interleaved(audio, 0, Math.min(most, audio.samples())));
            }
            recorder.stop();
            return file.bytes();
        } catch (FrameRecorder.Exception e) {
            throw new MediaException(
                    images
                            + " cannot be written as "
                            + encoding.container()
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static void set(
            FFmpegFrameRecorder recorder, Image images, double frameRate, Encoding encoding) {
        String encoder = encoding.codec().encoder();
        recorder.setFormat(encoding.container());
        recorder.setVideoCodecName(encoder);
        recorder.setPixelFormat(encoding.codec().pixels());
        recorder.setFrameRate(Math.rint(frameRate * 1000) / 1000);
        recorder.setVideoBitrate(0);
        if (encoding.codec() == VideoCodec.H264 && !encoder.equals("libx264")) {
            double bits =
                    BITS_PER_PIXEL * images.width() * images.height() * recorder.getFrameRate();
            recorder.setVideoBitrate((int) Math.clamp(bits, LEAST_BIT_RATE, 100_000_000));
        } else if (encoding.codec() == VideoCodec.H264) {
            recorder.setVideoOption("crf", X264_QUALITY);
        }
        if (encoding.quality() != null) {
            recorder.setVideoOption("crf", String.valueOf(encoding.quality().intValue()));
        }
        if (encoding.codec() == VideoCodec.VP9) {
            // the library's usual effort takes seconds a frame, on one core
            recorder.setVideoOption("cpu-used", "4");
            recorder.setVideoOption("row-mt", "1");
            recorder.setVideoOption("threads", "0");
        } else if (encoding.codec() == VideoCodec.AV1) {
            recorder.setVideoOption("preset", "6");
        }
        if (encoding.container().equals("mp4")) {
            recorder.setOption("movflags", "use_metadata_tags+faststart");
        }
        encoding.texts().forEach(recorder::setMetadata);
    }

    private static void frames(FFmpegFrameRecorder recorder, Image images, Runnable everyFrame)
            throws FFmpegFrameRecorder.Exception {
        int stride = images.width() * RGB;
        ByteBuffer buffer = ByteBuffer.allocateDirect(stride * images.height());
        for (int i = 0; i < images.batch(); i++) {
            everyFrame.run();
            byte[] pixels = rgb(images, i);
            buffer.clear().put(pixels).flip();
            recorder.recordImage(
                    images.width(),
                    images.height(),
                    Frame.DEPTH_UBYTE,
                    RGB,
                    stride,
                    avutil.AV_PIX_FMT_RGB24,
                    buffer);
        }
    }

    /// One frame's colours; grey ones three times, alpha left out.
    private static byte[] rgb(Image images, int frame) {
        int channels = images.channels();
        byte[] samples =
                Pixels.of(
                                images.data(),
                                images.at(frame, 0, 0),
                                images.width(),
                                images.height(),
                                channels)
                        .samples();
        if (channels == RGB) {
            return samples;
        }
        byte[] rgb = new byte[samples.length / channels * RGB];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = samples[i / RGB * channels + Math.min(i % RGB, channels - 1)];
        }
        return rgb;
    }
}
