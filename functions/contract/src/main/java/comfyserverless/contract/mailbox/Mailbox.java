package comfyserverless.contract.mailbox;

import comfyserverless.contract.job.Claim;
import java.time.Duration;
import java.util.List;

/// Brings what a client posted to the node it is for. A letter stays in the mailbox of its job until the
/// job has ended, so that a job that runs again (its runner was lost) finds it again.
public interface Mailbox {
    /// The largest content of a letter, in bytes of its JSON text. What is larger goes as a file.
    int LARGEST = 256 * 1024;

    /// How long a letter to a node class waits for one that reads it.
    Duration CLASS_WAITS = Duration.ofHours(1);

    /// Posts a letter and tells how many jobs may read it now. A letter to a node is gone if that is 0; a
    /// letter to a node class waits.
    ///
    /// @throws LetterTooLarge if the content is
    int send(String tenant, Letter letter);

    /// The letters in the mailbox of a claimed job whose numbers are above `after`.
    List<Received> read(Claim claim, long after);

    /// Moves the oldest letter to a node class into the job's mailbox, for the node with this id; false if
    /// there was none, or the job is no longer this claim's.
    boolean take(Claim claim, String className, String nodeId);
}
