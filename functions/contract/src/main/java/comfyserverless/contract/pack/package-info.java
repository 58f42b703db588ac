/// Node packs: nodes that others wrote. This is the half that functions load too.
@NullMarked
package comfyserverless.contract.pack;

import org.jspecify.annotations.NullMarked;
