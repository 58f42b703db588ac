package comfyserverless.runner.media;

import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Video;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.FFmpegFrameRecorder;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;
import org.bytedeco.javacv.FrameRecorder;

/// A video or sound file that is being read.
public final class MediaFile implements AutoCloseable {
    private static final int RGB = 3;

    private final String name;
    private final TemporaryFile file;
    private final FFmpegFrameGrabber grabber;

    private MediaFile(String name, TemporaryFile file, FFmpegFrameGrabber grabber) {
        this.name = name;
        this.file = file;
        this.grabber = grabber;
    }

    /// Opens a file's bytes.
    ///
    /// @param name for messages
    /// @throws MediaException if FFmpeg does not know what it is
    public static MediaFile open(byte[] content, String name) {
        Ffmpeg.load();
        TemporaryFile file = TemporaryFile.of(content, "media");
        FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(file.path().toFile());
        MediaFile media = new MediaFile(name, file, grabber);
        try {
            grabber.setPixelFormat(avutil.AV_PIX_FMT_RGB24);
            grabber.setSampleMode(FrameGrabber.SampleMode.FLOAT);
            grabber.start();
            return media;
        } catch (FFmpegFrameGrabber.Exception e) {
            media.close();
            throw new MediaException(name + " is no video or sound that can be read", e);
        }
    }

    public int width() {
        return grabber.getImageWidth();
    }

    public int height() {
        return grabber.getImageHeight();
    }

    /// FFmpeg's names of the container, separated by commas.
    public String container() {
        return grabber.getFormat();
    }

    /// FFmpeg's name of the video codec; empty without a video.
    public String videoCodec() {
        String codec = grabber.getVideoCodecName();
        return codec == null ? "" : codec;
    }

    /// All frames, and the sound if there is one.
    ///
    /// @param everyFrame called before each frame; what it throws ends the work
    /// @throws MediaException without a video, or if it has more frames than one batch holds
    public Video.Frames frames(Runnable everyFrame) {
        if (!grabber.hasVideo()) {
            throw new MediaException("there is no video in " + name);
        }
        List<byte[]> frames = new ArrayList<>();
        int size = Math.multiplyExact(Math.multiplyExact(width(), height()), RGB);
        try {
            Frame frame = grabber.grabImage();
            while (frame != null) {
                everyFrame.run();
                frames.add(pixels(frame));
                if ((long) size * frames.size() > Integer.MAX_VALUE - RGB) {
                    throw new MediaException(
                            name
                                    + " has more than "
                                    + frames.size()
                                    + " frames of "
                                    + width()
                                    + " by "
                                    + height()
                                    + ": too many for one batch");
                }
                frame = grabber.grabImage();
            }
        } catch (FFmpegFrameGrabber.Exception e) {
            throw new MediaException("frame " + frames.size() + " of " + name + " is broken", e);
        }
        if (frames.isEmpty()) {
            throw new MediaException("there is no frame in " + name);
        }
        float[] data = new float[size * frames.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = (frames.get(i / size)[i % size] & 255) / 255f;
        }
        Image images = new Image(data, frames.size(), height(), width(), RGB);
        double rate = grabber.getVideoFrameRate();
        return new Video.Frames(images, grabber.hasAudio() ? sound() : null, rate > 0 ? rate : 1);
    }

    private byte[] pixels(Frame frame) {
        ByteBuffer rows = (ByteBuffer) frame.image[0];
        int line = width() * RGB;
        byte[] pixels = new byte[line * height()];
        for (int y = 0; y < height(); y++) {
            rows.get(y * frame.imageStride, pixels, y * line, line);
        }
        return pixels;
    }

    /// The first sound stream as a batch of one.
    ///
    /// @throws MediaException if there is none
    public Audio sound() {
        if (!grabber.hasAudio()) {
            throw new MediaException("there is no sound in " + name);
        }
        List<FloatBuffer> parts = new ArrayList<>();
        int count = 0;
        try {
            grabber.setTimestamp(0);
            Frame frame = grabber.grabSamples();
            while (frame != null) {
                FloatBuffer samples = (FloatBuffer) frame.samples[0];
                FloatBuffer part = FloatBuffer.allocate(samples.remaining()).put(samples).flip();
                count = Math.addExact(count, part.remaining());
                parts.add(part);
                frame = grabber.grabSamples();
            }
        } catch (FFmpegFrameGrabber.Exception e) {
            throw new MediaException("the sound of " + name + " is broken", e);
        }
        int channels = grabber.getAudioChannels();
        int length = count / channels;
        float[] data = new float[length * channels];
        int at = 0;
        for (FloatBuffer part : parts) {
            while (part.hasRemaining()) {
                data[at % channels * length + at / channels] = part.get();
                at++;
            }
        }
        return new Audio(data, 1, channels, length, grabber.getSampleRate());
    }

    /// The same streams in an MP4 file with other texts, nothing encoded anew.
    ///
    /// @throws MediaException if MP4 cannot hold the streams
    public byte[] rewrapped(Map<String, String> texts) {
        try (TemporaryFile target = TemporaryFile.empty("mp4");
                FFmpegFrameRecorder recorder =
                        new FFmpegFrameRecorder(
                                target.path().toFile(),
                                width(),
                                height(),
                                grabber.getAudioChannels())) {
            recorder.setFormat("mp4");
            recorder.setOption("movflags", "use_metadata_tags+faststart");
            Map<String, String> all = new LinkedHashMap<>(grabber.getMetadata());
            all.putAll(texts);
            all.forEach(recorder::setMetadata);
            recorder.start(grabber.getFormatContext());
            AVPacket packet = grabber.grabPacket();
            while (packet != null) {
                recorder.recordPacket(packet);
                packet = grabber.grabPacket();
            }
            recorder.stop();
            return target.bytes();
        } catch (FrameGrabber.Exception | FrameRecorder.Exception e) {
            throw new MediaException(name + " does not fit into an MP4 file", e);
        }
    }

    @Override
    public void close() {
        try {
            grabber.close();
        } catch (FrameGrabber.Exception e) {
            throw new MediaException(name + " cannot be closed", e);
        } finally {
            file.close();
        }
    }
}
