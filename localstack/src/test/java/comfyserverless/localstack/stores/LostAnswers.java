package comfyserverless.localstack.stores;

import java.util.Random;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// Loses one answer in twenty after the service has done its work, and one call in twenty on the way
/// there; the SDK then tries again by itself.
final class LostAnswers implements ExecutionInterceptor {
    private static final int ONE_IN = 20;

    private final Random random;

    LostAnswers(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public void beforeTransmission(
            Context.BeforeTransmission context, ExecutionAttributes attributes) {
        lose("on the way there");
    }

    @Override
    public void afterTransmission(
            Context.AfterTransmission context, ExecutionAttributes attributes) {
        lose("on the way back");
    }

    private synchronized void lose(String where) {
        if (random.nextInt(ONE_IN) == 0) {
            throw RetryableException.builder().message("lost " + where).build();
        }
    }
}
