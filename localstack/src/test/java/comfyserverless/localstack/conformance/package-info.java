/// Replays the recordings of the real server against a running local stack.
@org.jspecify.annotations.NullMarked
package comfyserverless.localstack.conformance;
