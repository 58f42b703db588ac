/// Runs a graph as ComfyUI's PromptExecutor runs it.
@NullMarked
package comfyserverless.runner.run;

import org.jspecify.annotations.NullMarked;
