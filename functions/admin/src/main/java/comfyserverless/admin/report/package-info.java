/// What the program says.
@NullMarked
package comfyserverless.admin.report;

import org.jspecify.annotations.NullMarked;
