/// A validated prompt as a graph: links, order of execution, cache keys.
@NullMarked
package comfyserverless.contract.graph;

import org.jspecify.annotations.NullMarked;
