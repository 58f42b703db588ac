package comfyserverless.contract.file;

import static comfyserverless.contract.table.Condition.is;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongPredicate;

/// Which files each run of a job wrote: `O#{tenant}#{promptId}` / `{fence}#{object}`. A run that lost
/// its job leaves files that no history names; they go when the job goes back to the queue, and what a
/// lost runner stored after that when the job ends.
public final class RunFiles {
    /// Longer than a job can take in all its runs.
    private static final Duration KEPT = Duration.ofDays(3);

    private static final String FILE_PARTITION = "filePk";
    private static final String FILE_NAME = "fileSk";
    private static final String CONTENT = "s3";
    private static final String FENCE = "fence";
    private static final List<String> PREFIXES = List.of("o/", "t/");
    private static final HexFormat HEX = HexFormat.of();

    private final Table table;
    private final Blobs blobs;

    public RunFiles(Table table, Blobs blobs) {
        this.table = table;
        this.blobs = blobs;
    }

    private static String partition(JobKey job) {
        return "O#" + job.tenant() + "#" + job.promptId();
    }

    /// Where the objects of a run lie: below this and its fence.
    private static String objects(FileType type, JobKey job) {
        String promptId = URLEncoder.encode(job.promptId(), StandardCharsets.UTF_8);
        String prefix = type == FileType.TEMP ? PREFIXES.getLast() : PREFIXES.getFirst();
        return prefix + job.tenant() + "/" + promptId + "/";
    }

    static String object(FileType type, Claim claim, String id) {
        return objects(type, claim.key()) + claim.fence() + "/" + id;
    }

    /// Part of the transaction that makes the file.
    static Write record(Claim claim, Item file, Instant now) {
        String content = file.text(CONTENT);
        String id = content.substring(content.lastIndexOf('/') + 1);
        String sort = HEX.toHexDigits(claim.fence()) + "#" + id;
        return Write.put(
                Item.of(new Key(partition(claim.key()), sort))
                        .with(FILE_PARTITION, file.key().partition())
                        .with(FILE_NAME, file.key().sort())
                        .with(CONTENT, content)
                        .with(FENCE, claim.fence())
                        .expiring(now.plus(KEPT)));
    }

    /// Removes what other runs of the job wrote. The first run has no others.
    public void keepOnly(Claim last) {
        if (last.fence() > 1) {
            remove(last.key(), fence -> fence != last.fence());
        }
    }

    /// Removes what a run wrote that no longer holds its job, which goes on or ends without it.
    public void forget(Claim lost) {
        remove(lost.key(), fence -> fence == lost.fence());
    }

    private void remove(JobKey job, LongPredicate gone) {
        for (Item written : table.all(Query.of(partition(job), Index.MAIN))) {
            if (gone.test(written.whole(FENCE))) {
                Key file = new Key(written.text(FILE_PARTITION), written.text(FILE_NAME));
                table.write(Write.delete(file, is(CONTENT, written.text(CONTENT))));
                table.write(Write.delete(written.key()));
            }
        }
        for (FileType type : List.of(FileType.OUTPUT, FileType.TEMP)) {
            String folder = objects(type, job);
            for (String key : blobs.keys(folder)) {
                String fence = key.substring(folder.length(), key.indexOf('/', folder.length()));
                if (gone.test(Long.parseLong(fence))) {
                    blobs.delete(key);
                }
            }
        }
    }
}
