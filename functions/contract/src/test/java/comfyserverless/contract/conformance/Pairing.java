package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Pairs each wanted item with a distinct actual one, by augmenting paths: a loose matcher never takes the one item that
/// a strict matcher needs.
final class Pairing {
    private static final int FREE = -1;

    private final List<List<Integer>> fitting;
    private final int[] owner;

    private Pairing(List<List<Integer>> fitting, int actual) {
        this.fitting = fitting;
        this.owner = new int[actual];
        Arrays.fill(owner, FREE);
    }

    /// Whether every wanted item finds an actual one of its own.
    static boolean exists(List<JsonNode> wanted, List<JsonNode> actual) {
        List<List<Integer>> fitting = new ArrayList<>();
        for (JsonNode each : wanted) {
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i < actual.size(); i++) {
                if (Expected.difference(each, actual.get(i)).isEmpty()) {
                    places.add(i);
                }
            }
            fitting.add(places);
        }
        Pairing pairing = new Pairing(fitting, actual.size());
        for (int i = 0; i < wanted.size(); i++) {
            if (!pairing.place(i, new boolean[actual.size()])) {
                return false;
            }
        }
        return true;
    }

    private boolean place(int wanted, boolean[] seen) {
        for (int at : fitting.get(wanted)) {
            if (seen[at]) {
                continue;
            }
            seen[at] = true;
            if (owner[at] == FREE || place(owner[at], seen)) {
                owner[at] = wanted;
                return true;
            }
        }
        return false;
    }
}
