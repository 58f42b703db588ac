package comfyserverless.runner.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Pillow's palette of a picture by median cut (Quant.c): the box with most pixels is split at the median of
/// its longest side, red, green and blue weighing 77, 150 and 29.
final class MedianCut {
    /// So many different colours are looked at; with more, the lowest bits are left out.
    private static final int MOST_COLOURS = 65_536;

    private static final int[] WEIGHTS = {77, 150, 29};

    private MedianCut() {}

    /// The colours of an RGB picture (0xRRGGBB), at most so many.
    static int[] palette(byte[] rgb, int colours) {
        int shift = 0;
        Map<Integer, Integer> counts = counts(rgb, shift);
        while (counts.size() > MOST_COLOURS) {
            counts = counts(rgb, ++shift);
        }
        List<Box> boxes = boxes(counts, colours);
        Map<Integer, Integer> boxOf = new HashMap<>();
        for (int i = 0; i < boxes.size(); i++) {
            for (int colour : boxes.get(i).colours()) {
                boxOf.put(colour, i);
            }
        }
        return means(rgb, shift, boxOf, boxes.size());
    }

    private static int colour(byte[] rgb, int at, int shift) {
        int mask = (255 >> shift) << shift;
        return ((rgb[at] & mask) << 16) | ((rgb[at + 1] & mask) << 8) | (rgb[at + 2] & mask);
    }

    private static Map<Integer, Integer> counts(byte[] rgb, int shift) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int i = 0; i < rgb.length; i += 3) {
            counts.merge(colour(rgb, i, shift), 1, Integer::sum);
        }
        return counts;
    }

    private static int[] means(byte[] rgb, int shift, Map<Integer, Integer> boxOf, int boxes) {
        long[][] sums = new long[boxes][4];
        for (int i = 0; i < rgb.length; i += 3) {
            long[] sum = sums[boxOf.getOrDefault(colour(rgb, i, shift), 0)];
            for (int c = 0; c < 3; c++) {
                sum[c] += rgb[i + c] & 255;
            }
            sum[3]++;
        }
        int[] palette = new int[boxes];
        for (int i = 0; i < boxes; i++) {
            for (int c = 0; c < 3; c++) {
                palette[i] = (palette[i] << 8) | (int) (0.5 + sums[i][c] / (double) sums[i][3]);
            }
        }
        return palette;
    }

    private static List<Box> boxes(Map<Integer, Integer> counts, int colours) {
        int[] all = counts.keySet().stream().mapToInt(i -> i).sorted().toArray();
        List<Box> boxes = new ArrayList<>();
        boxes.add(Box.of(all, counts));
        Heap heap = new Heap();
        heap.add(boxes.getFirst());
        while (boxes.size() < colours && !heap.isEmpty()) {
            Box box = heap.remove();
            if (box.colours().length > 1) {
                Box[] halves = box.split(counts);
                heap.add(halves[0]);
                heap.add(halves[1]);
                int place = boxes.indexOf(box);
                boxes.set(place, halves[0]);
                boxes.add(place + 1, halves[1]);
            }
        }
        return boxes;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Box(int[] colours, long pixels) {
        static Box of(int[] colours, Map<Integer, Integer> counts) {
            long pixels = 0;
            for (int colour : colours) {
                pixels += counts.getOrDefault(colour, 0);
            }
            return new Box(colours, pixels);
        }

        private static int channel(int colour, int axis) {
            return (colour >> (16 - 8 * axis)) & 255;
        }

        private int longestAxis() {
            int axis = 0;
            int most = -1;
            for (int i = 0; i < WEIGHTS.length; i++) {
                int low = 255;
                int high = 0;
                for (int colour : colours) {
                    low = Math.min(low, channel(colour, i));
                    high = Math.max(high, channel(colour, i));
                }
                if ((high - low) * WEIGHTS[i] > most) {
                    most = (high - low) * WEIGHTS[i];
                    axis = i;
                }
            }
            return axis;
        }

        /// The brighter half and the darker one; colours that are equal on the axis stay together.
        Box[] split(Map<Integer, Integer> counts) {
            int axis = longestAxis();
            TreeMap<Integer, Long> along = new TreeMap<>();
            for (int colour : colours) {
                along.merge(
                        channel(colour, axis), (long) counts.getOrDefault(colour, 0), Long::sum);
            }
            int border = along.lastKey();
            long seen = 0;
            for (Map.Entry<Integer, Long> value : along.descendingMap().entrySet()) {
                border = value.getKey();
                seen += value.getValue();
                if (seen * 2 > pixels) {
                    break;
                }
            }
            if (border == along.firstKey()) {
                border = along.higherKey(border);
            }
            int least = border;
            return new Box[] {
                of(Arrays.stream(colours).filter(c -> channel(c, axis) >= least).toArray(), counts),
                of(Arrays.stream(colours).filter(c -> channel(c, axis) < least).toArray(), counts)
            };
        }
    }

    /// Gives the box with most pixels; among equals it chooses as Pillow's heap does.
    private static final class Heap {
        private final List<Box> items = new ArrayList<>();

        boolean isEmpty() {
            return items.isEmpty();
        }

        private long weight(int place) {
            return items.get(place - 1).pixels();
        }

        void add(Box box) {
            items.add(box);
            int place = items.size();
            while (place > 1 && box.pixels() > weight(place / 2)) {
                items.set(place - 1, items.get(place / 2 - 1));
                place /= 2;
            }
            items.set(place - 1, box);
        }

        Box remove() {
            Box first = items.getFirst();
            Box last = items.removeLast();
            int count = items.size();
            if (count == 0) {
                return first;
            }
            int place = 1;
            while (place * 2 <= count) {
                int child = place * 2;
                if (child < count && weight(child) < weight(child + 1)) {
                    child++;
                }
                if (last.pixels() > weight(child)) {
                    break;
                }
                items.set(place - 1, items.get(child - 1));
                place = child;
            }
            items.set(place - 1, last);
            return first;
        }
    }
}
