package comfyserverless.handlers.metrics;

import comfyserverless.contract.job.Load;
import comfyserverless.contract.job.Reconciled;
import comfyserverless.contract.metric.Measure;
import comfyserverless.contract.metric.MetricLine;
import comfyserverless.contract.metric.MetricLine.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What a round of reconciling says of a deployment: one line of all of it, one of each tenant with work.
public final class RoundMetrics {
    private RoundMetrics() {}

    public static List<MetricLine> of(Reconciled round, String deployment, Instant at) {
        Load load = round.load();
        Load.Work total = load.total();
        boolean stuck = total.ready() > 0 && load.runners() == 0;
        Map<Measure, Double> all = of(total);
        int backlog = total.ready() + total.running();
        all.put(Measure.BACKLOG, (double) backlog);
        all.put(Measure.RUNNERS, (double) load.runners());
        all.put(Measure.IDLE_RUNNERS, backlog == 0 ? (double) load.runners() : 0.0);
        all.put(Measure.WAITING_WITHOUT_RUNNER, stuck ? 1.0 : 0.0);
        all.put(Measure.LOST_LEASES, (double) round.requeued().size() + round.ended().size());
        List<MetricLine> lines = new ArrayList<>();
        lines.add(new MetricLine(at, Subject.deployment(deployment), all));
        load.tenants()
                .forEach((tenant, work) ->
                        lines.add(
                                new MetricLine(at, Subject.tenant(deployment, tenant), of(work))));
        return lines;
    }

    private static Map<Measure, Double> of(Load.Work work) {
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        values.put(Measure.PENDING, (double) work.pending());
        values.put(Measure.RUNNING, (double) work.running());
        values.put(Measure.OLDEST_WAITING, (double) work.waits().toSeconds());
        return values;
    }
}
