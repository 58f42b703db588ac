/// Video and sound files by FFmpeg: frames and samples in, bytes out, and back.
@NullMarked
package comfyserverless.runner.media;

import org.jspecify.annotations.NullMarked;
