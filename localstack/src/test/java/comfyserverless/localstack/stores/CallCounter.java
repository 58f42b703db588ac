package comfyserverless.localstack.stores;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/// Counts the SDK's calls by operation.
final class CallCounter implements ExecutionInterceptor {
    private final Map<String, Integer> calls = new ConcurrentSkipListMap<>();

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        calls.merge(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME), 1, Integer::sum);
    }

    /// What was counted since the last time.
    Map<String, Integer> taken() {
        Map<String, Integer> taken = Map.copyOf(calls);
        calls.clear();
        return taken;
    }
}
