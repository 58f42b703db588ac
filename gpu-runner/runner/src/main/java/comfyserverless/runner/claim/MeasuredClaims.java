package comfyserverless.runner.claim;

import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.metric.Measure;
import comfyserverless.contract.metric.MetricLine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// [Claims] that say of each job that ended how long it waited and ran. Only who ended a job says so, so
/// that it counts once.
public final class MeasuredClaims extends PassedOnClaims {
    private final String deployment;
    private final Clock clock;
    private final Consumer<MetricLine> log;

    /// @param deployment whose jobs these are
    /// @param log where the lines go
    public MeasuredClaims(Claims claims, String deployment, Clock clock, Consumer<MetricLine> log) {
        super(claims);
        this.deployment = deployment;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public boolean finish(Claim claim, JobResult result) {
        boolean finished = super.finish(claim, result);
        if (finished) {
            log.accept(line(claim, result));
        }
        return finished;
    }

    private MetricLine line(Claim claim, JobResult result) {
        Instant now = clock.instant();
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        values.put(Measure.JOBS_ENDED, 1.0);
        values.put(Measure.JOBS_FAILED, result.end() == JobResult.End.ERROR ? 1.0 : 0.0);
        values.put(Measure.WAIT_SECONDS, seconds(claim.origin().created(), claim.at()));
        values.put(Measure.RUN_SECONDS, seconds(claim.at(), now));
        return new MetricLine(
                now,
                MetricLine.Subject.partOf(deployment, claim.key().tenant()),
                values,
                about(claim));
    }

    private static Map<String, String> about(Claim claim) {
        Map<String, String> about = new HashMap<>();
        about.put("PromptId", claim.key().promptId());
        String trace = claim.origin().trace();
        if (trace != null) {
            about.put("TraceId", trace);
        }
        return about;
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
