/// The life of a job on this runner: ticket, claim, run, report, finish; lease, cancel, give-back.
@NullMarked
package comfyserverless.runner.claim;

import org.jspecify.annotations.NullMarked;
