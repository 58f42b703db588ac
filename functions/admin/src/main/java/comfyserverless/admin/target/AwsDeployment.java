package comfyserverless.admin.target;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelScan;
import comfyserverless.contract.model.ModelStore;
import java.security.SecureRandom;
import java.util.Base64;

/// A [Deployment] on AWS, or on what answers in its place.
final class AwsDeployment implements Deployment {
    private static final int SECRET_BYTES = 32;

    private final String name;
    private final Aws aws;
    private final SecureRandom random = new SecureRandom();

    AwsDeployment(String name, AwsSettings settings) {
        this.name = name;
        this.aws = Aws.open(settings, JobSettings.standard());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Credentials credentials() {
        return aws.ports().credentials(this::secret);
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public ModelStore models() {
        return aws.modelStore();
    }

    @Override
    public ModelIndex modelIndex() {
        return aws.modelIndex();
    }

    @Override
    public ModelScan modelScan() {
        return aws.modelScan();
    }

    @Override
    public void close() {
        aws.close();
    }
}
