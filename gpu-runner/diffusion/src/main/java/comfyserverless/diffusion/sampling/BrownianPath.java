package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Brownian path over an interval of time, fixed by its seed alone: increments over any part of it agree with each
/// other, in whatever order they are asked for (torchsde's `BrownianTree`, Apache-2.0, as ComfyUI uses it).
///
/// The interval is halved again and again until both ends asked for are borders (to six decimals). The path's value at
/// a border follows from its parent's increment and noise whose seed depends on the place in the tree.
final class BrownianPath {

    private static final int DECIMALS = 6;
    private static final int POOL = 24;

    private final long seed;
    private final long[] shape;
    private final Node root;
    private final HostTensor whole;

    private BrownianPath(double start, double end, long seed, long... shape) {
        this.seed = seed;
        this.shape = shape.clone();
        this.root = new Node(round(start), round(end), 0, 0);
        long first = new SeedSequence(seed, POOL).generate(1)[0];
        this.whole = Latents.times(Math.sqrt(end - start), new NormalGenerator(first).next(shape));
    }

    static BrownianPath between(float start, float end, long seed, long... shape) {
        return new BrownianPath(start, end, seed, shape);
    }

    /// The path's increments, scaled to variance 1. Sampling goes down in sigma, so they count backwards.
    NoiseSource asNoise() {
        return (sigma, sigmaNext) -> {
            float from = (float) sigma;
            float to = (float) sigmaNext;
            double length = (float) Math.sqrt(Math.abs(to - from));
            double sign = from < to ? 1 : -1;
            return Latents.difference(
                    increment(Math.min(from, to), Math.max(from, to)), zeros(), sign * length);
        };
    }

    /// The increment from `from` to `to`, both cut to the path's interval.
    HostTensor increment(double from, double to) {
        double low = round(Math.clamp(from, root.start, root.end));
        double high = round(Math.clamp(to, root.start, root.end));
        if (low >= high) {
            return zeros();
        }
        List<HostTensor> parts = new ArrayList<>();
        collect(root, whole, low, high, parts);
        HostTensor sum = parts.getFirst();
        for (HostTensor part : parts.subList(1, parts.size())) {
            sum = Latents.plus(sum, 1, part);
        }
        return sum;
    }

    private HostTensor zeros() {
        return HostTensor.zeros(shape);
    }

    private void collect(
            Node node, HostTensor increment, double from, double to, List<HostTensor> parts) {
        if (from == node.start && to == node.end) {
            parts.add(increment);
            return;
        }
        if (node.children == null) {
            node.splitDownTo(from == node.start ? to : from);
        }
        Children children = node.children();
        double middle = children.left.end;
        HostTensor left = leftIncrement(node, children, increment);
        if (from < middle) {
            collect(children.left, left, from, Math.min(to, middle), parts);
        }
        if (to > middle) {
            collect(
                    children.right,
                    Latents.plus(increment, -1, left),
                    Math.max(from, middle),
                    to,
                    parts);
        }
    }

    private HostTensor leftIncrement(Node node, Children children, HostTensor increment) {
        double toLeft = children.left.end - node.start;
        double toRight = node.end - children.left.end;
        double share = 1 / (node.end - node.start);
        HostTensor mean = Latents.times(share, Latents.times(toLeft, increment));
        HostTensor noise = new NormalGenerator(children.seed).next(shape);
        return Latents.plus(mean, Math.sqrt(toLeft * toRight * share), noise);
    }

    /// Python's `round(value, 6)`.
    private static double round(double value) {
        return new BigDecimal(value).setScale(DECIMALS, RoundingMode.HALF_EVEN).doubleValue();
    }

    /// The halves of an interval and the seed of the noise at their border.
    private record Children(Node left, Node right, long seed) {}

    /// An interval of the tree, numbered along its depth.
    private final class Node {
        private final double start;
        private final double end;
        private final long number;
        private final int depth;
        private @Nullable Children children;

        Node(double start, double end, long number, int depth) {
            this.start = start;
            this.end = end;
            this.number = number;
            this.depth = depth;
        }

        Children children() {
            Children halves = children;
            if (halves == null) {
                halves = split();
                children = halves;
            }
            return halves;
        }

        /// Halves this interval, and whichever half holds `border`, until it is a border.
        void splitDownTo(double border) {
            Node node = this;
            while (true) {
                Children halves = node.children();
                double middle = halves.left.end;
                if (border == middle || middle == node.start || middle == node.end) {
                    return;
                }
                node = border > middle ? halves.right : halves.left;
            }
        }

        private Children split() {
            double middle = round(0.5 * (end + start));
            long noise = new SeedSequence(seed, POOL, number, depth).generate(1)[0];
            return new Children(
                    new Node(start, middle, 2 * number, depth + 1),
                    new Node(middle, end, 2 * number + 1, depth + 1),
                    noise);
        }
    }
}
