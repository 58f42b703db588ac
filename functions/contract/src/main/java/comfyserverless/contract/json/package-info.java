/// JSON as ComfyUI's clients see it: one mapper with limits, and Python's way of writing values.
@NullMarked
package comfyserverless.contract.json;

import org.jspecify.annotations.NullMarked;
