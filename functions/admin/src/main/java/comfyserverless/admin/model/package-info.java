/// Commands about models.
@NullMarked
package comfyserverless.admin.model;

import org.jspecify.annotations.NullMarked;
