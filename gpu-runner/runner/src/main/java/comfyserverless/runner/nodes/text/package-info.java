/// Nodes for plain values: texts, numbers, truth values.
@NullMarked
package comfyserverless.runner.nodes.text;

import org.jspecify.annotations.NullMarked;
