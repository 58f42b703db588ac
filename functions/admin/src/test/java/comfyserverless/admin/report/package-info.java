/// Tests of what is told.
@NullMarked
package comfyserverless.admin.report;

import org.jspecify.annotations.NullMarked;
