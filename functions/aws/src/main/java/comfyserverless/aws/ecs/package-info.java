/// Runners as an ECS service.
@NullMarked
package comfyserverless.aws.ecs;

import org.jspecify.annotations.NullMarked;
