package comfyserverless.runner.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

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
        Histogram histogram = Histogram.of(rgb, shift);
        while (histogram.colours().length > MOST_COLOURS) {
            histogram = Histogram.of(rgb, ++shift);
        }
        List<Box> boxes = boxes(histogram, colours);
        int[] boxOf = new int[histogram.colours().length];
        for (int i = 0; i < boxes.size(); i++) {
            for (int place : boxes.get(i).places()) {
                boxOf[place] = i;
            }
        }
        long[][] sums = new long[boxes.size()][4];
        for (int i = 0; i < rgb.length; i += 3) {
            long[] sum = sums[boxOf[histogram.place(packed(rgb, i, shift))]];
            for (int c = 0; c < 3; c++) {
                sum[c] += rgb[i + c] & 255;
            }
            sum[3]++;
        }
        return Arrays.stream(sums).mapToInt(MedianCut::mean).toArray();
    }

    private static int mean(long[] sum) {
        int mean = 0;
        for (int c = 0; c < 3; c++) {
            mean = (mean << 8) | (int) (0.5 + sum[c] / (double) sum[3]);
        }
        return mean;
    }

    private static int packed(byte[] rgb, int at, int shift) {
        int mask = (255 >> shift) << shift;
        return ((rgb[at] & mask) << 16) | ((rgb[at + 1] & mask) << 8) | (rgb[at + 2] & mask);
    }

    /// How often each colour occurs.
    ///
    /// @param colours rising
    @SuppressWarnings("ArrayRecordComponent")
    private record Histogram(int[] colours, int[] counts) {
        static Histogram of(byte[] rgb, int shift) {
            int[] all = new int[rgb.length / 3];
            Arrays.setAll(all, i -> packed(rgb, 3 * i, shift));
            Arrays.parallelSort(all);
            int[] colours = new int[all.length];
            int[] counts = new int[all.length];
            int last = -1;
            for (int i = 0; i < all.length; i++) {
                if (i == 0 || all[i] != all[i - 1]) {
                    colours[++last] = all[i];
                }
                counts[last]++;
            }
            return new Histogram(Arrays.copyOf(colours, last + 1), Arrays.copyOf(counts, last + 1));
        }

        int place(int colour) {
            return Arrays.binarySearch(colours, colour);
        }

        int channel(int place, int axis) {
            return (colours[place] >> (16 - 8 * axis)) & 255;
        }
    }

    private static List<Box> boxes(Histogram histogram, int colours) {
        List<Box> boxes = new ArrayList<>();
        boxes.add(Box.of(IntStream.range(0, histogram.colours().length).toArray(), histogram));
        Heap heap = new Heap();
        heap.add(boxes.getFirst());
        while (boxes.size() < colours && !heap.isEmpty()) {
            Box box = heap.remove();
            if (box.places().length > 1) {
                Box[] halves = box.split(histogram);
                heap.add(halves[0]);
                heap.add(halves[1]);
                int at = boxes.indexOf(box);
                boxes.set(at, halves[0]);
                boxes.add(at + 1, halves[1]);
            }
        }
        return boxes;
    }

    /// Some places of the histogram.
    @SuppressWarnings("ArrayRecordComponent")
    private record Box(int[] places, long pixels) {
        static Box of(int[] places, Histogram histogram) {
            long pixels = 0;
            for (int place : places) {
                pixels += histogram.counts()[place];
            }
            return new Box(places, pixels);
        }

        private int longestAxis(Histogram histogram) {
            int axis = 0;
            int most = -1;
            for (int i = 0; i < WEIGHTS.length; i++) {
                int low = 255;
                int high = 0;
                for (int place : places) {
                    low = Math.min(low, histogram.channel(place, i));
                    high = Math.max(high, histogram.channel(place, i));
                }
                if ((high - low) * WEIGHTS[i] > most) {
                    most = (high - low) * WEIGHTS[i];
                    axis = i;
                }
            }
            return axis;
        }

        /// The brighter half and the darker one; colours that are equal on the axis stay together.
        Box[] split(Histogram histogram) {
            int axis = longestAxis(histogram);
            long[] along = new long[256];
            int lowest = 255;
            for (int place : places) {
                int value = histogram.channel(place, axis);
                along[value] += histogram.counts()[place];
                lowest = Math.min(lowest, value);
            }
            int border = 255;
            long seen = along[border];
            while (seen * 2 <= pixels) {
                seen += along[--border];
            }
            while (border == lowest || along[border] == 0) {
                border++;
            }
            int least = border;
            return new Box[] {
                part(histogram, place -> histogram.channel(place, axis) >= least),
                part(histogram, place -> histogram.channel(place, axis) < least)
            };
        }

        private Box part(Histogram histogram, IntPredicate inside) {
            return of(Arrays.stream(places).filter(inside).toArray(), histogram);
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
