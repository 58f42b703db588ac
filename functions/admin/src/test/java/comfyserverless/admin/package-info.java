/// Tests of the command line, on stores in memory.
@NullMarked
package comfyserverless.admin;

import org.jspecify.annotations.NullMarked;
