package comfyserverless.localstack.emulator.dynamodb.wire;

import comfyserverless.localstack.emulator.aws.ServiceException;
import java.math.BigDecimal;

/// DynamoDB's numbers: decimals of 38 digits, magnitude 1e-130 to 9.99…e125.
public final class Numbers {
    private static final int MAX_DIGITS = 38;
    private static final int MAX_EXPONENT = 125;
    private static final int MIN_EXPONENT = -130;
    private static final int MAX_TEXT = 400;

    private Numbers() {}

    public static BigDecimal parse(String text) {
        if (text.isEmpty() || text.length() > MAX_TEXT) {
            throw ServiceException.validation(
                    "The parameter cannot be converted to a numeric value: " + text);
        }
        try {
            return checked(new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw ServiceException.validation(
                    "The parameter cannot be converted to a numeric value: " + text);
        }
    }

    /// The number itself if it can be stored.
    public static BigDecimal checked(BigDecimal number) {
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        long exponent = (long) number.precision() - number.scale() - 1;
        if (exponent > MAX_EXPONENT) {
            throw ServiceException.validation(
                    "Number overflow. Attempting to store a number with magnitude larger than supported range");
        }
        if (exponent < MIN_EXPONENT) {
            throw ServiceException.validation(
                    "Number underflow. Attempting to store a number with magnitude smaller than supported range");
        }
        BigDecimal plain = number.stripTrailingZeros();
        if (plain.precision() > MAX_DIGITS) {
            throw ServiceException.validation(
                    "Attempting to store more than 38 significant digits in a Number");
        }
        return plain;
    }

    public static String text(BigDecimal number) {
        return number.toPlainString();
    }
}
