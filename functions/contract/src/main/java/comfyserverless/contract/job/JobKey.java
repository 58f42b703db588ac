package comfyserverless.contract.job;

import java.util.regex.Pattern;

/// Names one job: a tenant and the prompt id inside it.
public record JobKey(String tenant, String promptId) {
    private static final Pattern TENANT = Pattern.compile("[a-z0-9-]{1,48}");

    public JobKey {
        if (!TENANT.matcher(tenant).matches()) {
            throw new IllegalArgumentException("tenant \"" + tenant + "\" is not [a-z0-9-]{1,48}");
        }
    }

    @Override
    public String toString() {
        return tenant + "/" + promptId;
    }
}
