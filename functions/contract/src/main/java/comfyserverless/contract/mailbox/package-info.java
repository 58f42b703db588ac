/// What clients post to nodes that run: from a custom route into a job's mailbox, from there to the node.
@NullMarked
package comfyserverless.contract.mailbox;

import org.jspecify.annotations.NullMarked;
