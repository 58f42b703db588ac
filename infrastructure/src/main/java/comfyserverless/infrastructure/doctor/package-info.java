/// Says before a deployment what in an account would keep it from working.
@NullMarked
package comfyserverless.infrastructure.doctor;

import org.jspecify.annotations.NullMarked;
