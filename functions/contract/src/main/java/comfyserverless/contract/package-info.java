/// What the functions and the runner agree on: JDK, Jackson and JSpecify only.
@NullMarked
package comfyserverless.contract;

import org.jspecify.annotations.NullMarked;
