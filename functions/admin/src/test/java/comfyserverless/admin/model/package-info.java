/// Tests of what is pushed and fetched.
@NullMarked
package comfyserverless.admin.model;

import org.jspecify.annotations.NullMarked;
