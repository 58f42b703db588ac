/// What a running job tells its client: in order, logged before it is sent, ticks and pictures at a
/// rate that a gateway bears.
@NullMarked
package comfyserverless.runner.report;

import org.jspecify.annotations.NullMarked;
