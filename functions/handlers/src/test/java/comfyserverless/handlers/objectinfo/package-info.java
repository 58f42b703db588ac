/// Tests of what nodes there are.
@NullMarked
package comfyserverless.handlers.objectinfo;

import org.jspecify.annotations.NullMarked;
