/// What a node takes and gives: what /object_info prints and what validation checks.
@NullMarked
package comfyserverless.contract.node;

import org.jspecify.annotations.NullMarked;
