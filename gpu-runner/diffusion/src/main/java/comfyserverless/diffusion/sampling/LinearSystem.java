package comfyserverless.diffusion.sampling;

/// Solves small dense systems of equations.
final class LinearSystem {

    private LinearSystem() {}

    /// The x with matrix · x = right, by elimination with pivots. Both arguments are overwritten.
    static double[] solve(double[][] matrix, double[] right) {
        int n = right.length;
        for (int column = 0; column < n; column++) {
            int pivot = column;
            for (int row = column + 1; row < n; row++) {
                if (Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column])) {
                    pivot = row;
                }
            }
            swap(matrix, right, column, pivot);
            for (int row = column + 1; row < n; row++) {
                double factor = matrix[row][column] / matrix[column][column];
                for (int k = column; k < n; k++) {
                    matrix[row][k] -= factor * matrix[column][k];
                }
                right[row] -= factor * right[column];
            }
        }
        for (int row = n - 1; row >= 0; row--) {
            for (int k = row + 1; k < n; k++) {
                right[row] -= matrix[row][k] * right[k];
            }
            right[row] /= matrix[row][row];
        }
        return right;
    }

    private static void swap(double[][] matrix, double[] right, int a, int b) {
        double[] row = matrix[a];
        matrix[a] = matrix[b];
        matrix[b] = row;
        double value = right[a];
        right[a] = right[b];
        right[b] = value;
    }
}
