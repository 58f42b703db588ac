/// Node packs on a runner: both halves of each.
@NullMarked
package comfyserverless.runner.pack;

import org.jspecify.annotations.NullMarked;
