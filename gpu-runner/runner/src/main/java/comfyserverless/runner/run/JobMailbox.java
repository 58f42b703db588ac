package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.mailbox.Received;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.NodeMailbox;
import comfyserverless.runner.report.Lease;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run's letters: read from the job's mailbox a few times a second while a node asks for them, and
/// kept apart by node until they are asked for.
final class JobMailbox {
    private static final Logger LOG = LoggerFactory.getLogger(JobMailbox.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Deque<JsonNode> NONE = new ArrayDeque<>();

    private final Claim claim;
    private final Lease lease;
    private final StopSignal stop;
    private final Mail mail;
    private final Map<String, Deque<JsonNode>> unread = new HashMap<>();
    private final TreeSet<Long> seen = new TreeSet<>();
    private long allSeenUpTo;
    private long nextLook;

    JobMailbox(Claim claim, Lease lease, StopSignal stop, Mail mail) {
        this.claim = claim;
        this.lease = lease;
        this.stop = stop;
        this.mail = mail;
        this.nextLook = mail.nanos().getAsLong();
    }

    /// What is for one node.
    ///
    /// @param id the node's id
    /// @param displayId the id of the node that a client sees in its place, perhaps the same
    NodeMailbox of(String id, String displayId, String className) {
        return new NodeMailbox() {
            @Override
            public JsonNode await() throws InterruptedException {
                return JobMailbox.this.await(id, displayId, className);
            }

            @Override
            public Optional<JsonNode> poll() {
                stop.check();
                return JobMailbox.this.poll(id, displayId, className);
            }
        };
    }

    private JsonNode await(String id, String displayId, String className)
            throws InterruptedException {
        long end = mail.nanos().getAsLong() + mail.longestWait().toNanos();
        while (true) {
            stop.check();
            Optional<JsonNode> letter = poll(id, displayId, className);
            if (letter.isPresent()) {
                return letter.get();
            }
            if (mail.nanos().getAsLong() - end >= 0) {
                throw new NodeException(
                        "TimeoutError",
                        "Node "
                                + id
                                + " ("
                                + className
                                + ") waited "
                                + mail.longestWait().toSeconds()
                                + " s for a message that nobody sent");
            }
            mail.pause().sleep(LOOK_EVERY);
        }
    }

    private synchronized Optional<JsonNode> poll(String id, String displayId, String className) {
        Optional<JsonNode> letter = next(id, displayId);
        long now = mail.nanos().getAsLong();
        if (letter.isPresent() || now - nextLook < 0) {
            return letter;
        }
        nextLook = now + LOOK_EVERY.toNanos();
        try {
            look();
            letter = next(id, displayId);
            if (letter.isEmpty() && takes(className, id)) {
                look();
                letter = next(id, displayId);
            }
        } catch (UncheckedIOException e) {
            LOG.warn("the mailbox of {} cannot be read for now", claim.key(), e);
        }
        return letter;
    }

    private Optional<JsonNode> next(String id, String displayId) {
        JsonNode own = unread.getOrDefault(id, NONE).poll();
        return Optional.ofNullable(own == null ? unread.getOrDefault(displayId, NONE).poll() : own);
    }

    /// A letter may become visible after one with a higher number: the mark follows the numbers that
    /// were seen without a gap, and what was seen above it is remembered.
    private void look() {
        for (Received letter : mail.mailbox().read(claim, allSeenUpTo)) {
            if (seen.add(letter.number())) {
                unread.computeIfAbsent(letter.nodeId(), _ -> new ArrayDeque<>())
                        .add(letter.content());
            }
        }
        while (seen.remove(allSeenUpTo + 1)) {
            allSeenUpTo++;
        }
    }

    /// Letters to a node class are looked for only while this run may write: taking one is a write.
    private boolean takes(String className, String id) {
        return lease.awaitWritable() && mail.mailbox().take(claim, className, id);
    }
}
