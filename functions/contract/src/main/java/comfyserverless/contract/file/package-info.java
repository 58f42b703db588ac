/// Input, output and temporary files, named as ComfyUI names them.
@NullMarked
package comfyserverless.contract.file;

import org.jspecify.annotations.NullMarked;
