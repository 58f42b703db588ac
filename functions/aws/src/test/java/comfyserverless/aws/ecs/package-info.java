/// Runners as tasks of ECS.
@NullMarked
package comfyserverless.aws.ecs;

import org.jspecify.annotations.NullMarked;
