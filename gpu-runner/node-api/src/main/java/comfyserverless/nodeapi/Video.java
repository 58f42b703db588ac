package comfyserverless.nodeapi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A moving picture: frames that nodes made, or a file as it was loaded.
public sealed interface Video extends Value {
    /// Frames and perhaps a sound.
    ///
    /// @param images one picture a frame
    /// @param frameRate frames a second
    record Frames(Image images, @Nullable Audio audio, double frameRate) implements Video {
        public Frames {
            if (!(frameRate > 0)) {
                throw new IllegalArgumentException("a video of " + frameRate + " frames a second");
            }
        }
    }

    /// The bytes of a video file.
    ///
    /// @param content not copied
    /// @param name for messages
    @SuppressWarnings("ArrayRecordComponent") // equals and hashCode are written out below
    record Encoded(byte[] content, String name) implements Video {
        @Override
        public boolean equals(Object other) {
            return other instanceof Encoded that
                    && name.equals(that.name)
                    && Arrays.equals(content, that.content);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(content);
        }

        @Override
        public String toString() {
            return "Video[" + name + ", " + content.length + " bytes]";
        }
    }
}
