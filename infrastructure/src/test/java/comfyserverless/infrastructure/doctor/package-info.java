@NullMarked
package comfyserverless.infrastructure.doctor;

import org.jspecify.annotations.NullMarked;
