package comfyserverless.handlers.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.history.HistoryJson;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.socket.Pause;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// `POST /prompt?wait=25`: the answer comes when the job has ended, with what it brought, or after so
/// many seconds with 202.
final class Wait {
    /// API Gateway gives up after 29 or 30 seconds.
    private static final Duration LONGEST = Duration.ofSeconds(25);

    private static final Duration FIRST_LOOK = Duration.ofMillis(20);
    private static final Duration SELDOM = Duration.ofMillis(500);
    private static final int ACCEPTED = 202;

    private final Jobs jobs;
    private final Clock clock;
    private final Pause pause;

    Wait(HandlerPorts ports) {
        this.jobs = ports.jobs();
        this.clock = ports.clock();
        this.pause = ports.pause();
    }

    /// How long the request wants to wait; empty if it does not.
    static Optional<Duration> of(Request request) {
        String given = request.parameter("wait");
        if (given == null) {
            return Optional.empty();
        }
        double seconds;
        try {
            seconds = Double.parseDouble(given.strip());
        } catch (NumberFormatException e) {
            seconds = Double.NaN;
        }
        if (!(seconds >= 0)) {
            throw HttpProblem.badRequest(
                    "invalid_wait",
                    "wait must be a number of seconds, 0 to " + LONGEST.toSeconds(),
                    "\"" + given + "\" is none");
        }
        double most = Math.min(seconds, (double) LONGEST.toSeconds());
        return Optional.of(Duration.ofMillis((long) (most * 1000)));
    }

    /// The answer to a queued prompt, complete once its job has ended.
    Response complete(JobKey key, ObjectNode queued, Duration wait) {
        Instant end = clock.instant().plus(wait);
        Duration step = FIRST_LOOK;
        Optional<HistoryEntry> ended = jobs.historyOf(key);
        while (ended.isEmpty() && clock.instant().isBefore(end) && slept(step)) {
            ended = jobs.historyOf(key);
            Duration longer = step.multipliedBy(3).dividedBy(2);
            step = longer.compareTo(SELDOM) < 0 ? longer : SELDOM;
        }
        if (ended.isEmpty()) {
            return Response.json(ACCEPTED, queued);
        }
        ObjectNode entry = HistoryJson.entry(ended.get());
        queued.set("outputs", entry.path("outputs"));
        queued.set("status", entry.path("status"));
        return Response.json(queued);
    }

    private boolean slept(Duration time) {
        try {
            pause.sleep(time);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
