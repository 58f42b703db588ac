/// Deterministic simulation of the job protocol: a seed decides schedule, crashes and lost answers.
@NullMarked
package comfyserverless.contract.job.simulation;

import org.jspecify.annotations.NullMarked;
