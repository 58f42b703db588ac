/// The cloud as a CDK app: state, API and runner stacks, synthesised without an account.
@NullMarked
package comfyserverless.infrastructure;

import org.jspecify.annotations.NullMarked;
