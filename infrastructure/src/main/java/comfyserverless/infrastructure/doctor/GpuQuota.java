package comfyserverless.infrastructure.doctor;

/// The EC2 quota that a GPU instance counts against.
///
/// @param code as Service Quotas knows it
record GpuQuota(String name, String code) {
    static GpuQuota of(String instanceType, boolean spot) {
        boolean training = instanceType.startsWith("p");
        if (spot) {
            return training
                    ? new GpuQuota("All P4, P3 and P2 Spot Instance Requests", "L-7212CCBC")
                    : new GpuQuota("All G and VT Spot Instance Requests", "L-3819A6DF");
        }
        return training
                ? new GpuQuota("Running On-Demand P instances", "L-417A185B")
                : new GpuQuota("Running On-Demand G and VT instances", "L-DB2E81BA");
    }
}
