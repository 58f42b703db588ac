/// Model folders as ComfyUI lists them, wherever the files lie.
@NullMarked
package comfyserverless.contract.model;

import org.jspecify.annotations.NullMarked;
