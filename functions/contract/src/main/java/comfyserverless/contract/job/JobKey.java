package comfyserverless.contract.job;

import java.util.regex.Pattern;

/// Names one job: a tenant and the prompt id inside it.
public record JobKey(String tenant, String promptId) {
    private static final int LONGEST = 128;
    private static final Pattern TENANT = Pattern.compile("[a-z0-9-]{1,48}");

    public JobKey {
        if (!TENANT.matcher(tenant).matches()) {
            throw new IllegalArgumentException("tenant \"" + tenant + "\" is not [a-z0-9-]{1,48}");
        }
    }

    /// Whether a job may have this id: 1 to 128 printable characters, none of them `#`.
    public static boolean isPromptId(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST
                && text.codePoints().noneMatch(c -> c == '#' || unprintable(c));
    }

    private static boolean unprintable(int codePoint) {
        int type = Character.getType(codePoint);
        return Character.isISOControl(codePoint)
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    @Override
    public String toString() {
        return tenant + "/" + promptId;
    }
}
