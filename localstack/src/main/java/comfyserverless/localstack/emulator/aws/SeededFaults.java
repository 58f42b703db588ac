package comfyserverless.localstack.emulator.aws;

import java.time.Duration;
import java.util.Random;

/// Faults in fixed shares drawn from one seed: 5 % refused, 5 % lost answers, 2 % late by 2 s, 2 % transaction conflicts.
public final class SeededFaults implements Faults {
    private static final int REFUSED = 5;
    private static final int LOST = 10;
    private static final int LATE = 12;
    private static final int CONFLICT = 14;
    private static final Duration DELAY = Duration.ofSeconds(2);

    private final Random random;

    public SeededFaults(long seed) {
        this.random = new Random(seed);
    }

    @Override
    public Fault next(String operation) {
        int percent;
        boolean coin;
        synchronized (random) {
            percent = random.nextInt(100);
            coin = random.nextBoolean();
        }
        if (percent < REFUSED) {
            return coin
                    ? new Fault.Refused(500, "InternalServerError", "injected: internal error")
                    : new Fault.Refused(
                            400,
                            "ProvisionedThroughputExceededException",
                            "injected: the level of configured provisioned throughput was exceeded");
        }
        if (percent < LOST) {
            return new Fault.LostAnswer();
        }
        if (percent < LATE) {
            return new Fault.Delayed(DELAY);
        }
        if (percent < CONFLICT && isConditionalWrite(operation)) {
            return new Fault.Refused(
                    400,
                    "TransactionConflictException",
                    "injected: a transaction is ongoing for the item");
        }
        return new Fault.None();
    }

    private static boolean isConditionalWrite(String operation) {
        return operation.equals("PutItem")
                || operation.equals("UpdateItem")
                || operation.equals("DeleteItem");
    }
}
