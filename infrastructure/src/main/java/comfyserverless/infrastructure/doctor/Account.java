package comfyserverless.infrastructure.doctor;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What can be asked about an account in one region.
public interface Account {
    /// Who asks, as an ARN.
    String caller();

    String region();

    /// The value of a service quota; empty where the region does not know it.
    OptionalDouble quota(String service, String code);

    /// How many virtual cores an instance type has; empty where there is no such type.
    Optional<Integer> cores(String instanceType);

    /// The zones of this region that offer it.
    List<String> zones(String instanceType);

    /// Whether `cdk bootstrap` was done here.
    boolean isBootstrapped();
}
