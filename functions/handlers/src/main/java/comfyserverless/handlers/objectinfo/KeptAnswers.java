package comfyserverless.handlers.objectinfo;

import comfyserverless.contract.node.FolderLists;
import comfyserverless.handlers.http.Gzip;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// /object_info as it goes out, kept for each tenant until the node classes change or one of the lists that
/// were shown in it. The lists are read for every request, so no answer is older than they are; what is spared
/// is writing and compressing the whole again.
final class KeptAnswers {
    private static final int TENANTS = 32;
    private static final int ETAG_DIGITS = 32;

    private final Map<String, Kept> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
                    return size() > TENANTS;
                }
            };

    /// An answer in both encodings.
    ///
    /// @param etag names its content
    @SuppressWarnings("ArrayRecordComponent")
    record Encoded(byte[] json, byte[] gzip, String etag) {
        private static Encoded of(byte[] json) {
            return new Encoded(json, Gzip.small(json), etagOf(json));
        }
    }

    private record Kept(String digest, Shown shown, Encoded answer) {}

    /// The answer for these nodes and lists.
    ///
    /// @param digest names the node classes
    /// @param writes the JSON, with the lists that it is given
    Encoded answer(
            String tenant, String digest, FolderLists lists, Function<FolderLists, byte[]> writes) {
        Kept last;
        synchronized (kept) {
            last = kept.get(tenant);
        }
        if (last != null && last.digest().equals(digest) && last.shown().isStill(lists)) {
            return last.answer();
        }
        Shown shown = new Shown(lists);
        Encoded answer = Encoded.of(writes.apply(shown));
        synchronized (kept) {
            kept.put(tenant, new Kept(digest, shown, answer));
        }
        return answer;
    }

    private static String etagOf(byte[] json) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(json);
            return "\"" + HexFormat.of().formatHex(hash).substring(0, ETAG_DIGITS) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Lists that remember what they said.
    private static final class Shown implements FolderLists {
        private final FolderLists lists;
        private final Map<String, List<String>> models = new HashMap<>();
        private final Map<List<String>, List<String>> inputs = new HashMap<>();

        Shown(FolderLists lists) {
            this.lists = lists;
        }

        @Override
        public List<String> models(String folder) {
            return models.computeIfAbsent(folder, lists::models);
        }

        @Override
        public List<String> inputs(List<String> kinds) {
            return inputs.computeIfAbsent(kinds, lists::inputs);
        }

        boolean isStill(FolderLists now) {
            return models.entrySet().stream()
                            .allMatch(list -> now.models(list.getKey()).equals(list.getValue()))
                    && inputs.entrySet().stream()
                            .allMatch(list -> now.inputs(list.getKey()).equals(list.getValue()));
        }
    }
}
