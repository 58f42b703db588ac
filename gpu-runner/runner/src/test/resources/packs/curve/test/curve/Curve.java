package test.curve;

import java.util.List;

public record Curve(List<Double> heights) {}
