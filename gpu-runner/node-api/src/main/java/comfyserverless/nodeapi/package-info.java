/// The interface of nodes: what a node class takes, gives and may do while it runs. No DJL type in it.
@NullMarked
package comfyserverless.nodeapi;

import org.jspecify.annotations.NullMarked;
