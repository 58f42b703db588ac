/// The job protocol: what a job is, how clients queue it and how runners claim, run and end it.
@NullMarked
package comfyserverless.contract.job;

import org.jspecify.annotations.NullMarked;
