package comfyserverless.runner.claim;

import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.Pulse;
import java.util.Optional;

/// [Claims] of a runner that is protected from just before a claim until its job has ended or gone.
public final class ProtectedClaims extends PassedOnClaims {
    private final TaskProtection protection;

    public ProtectedClaims(Claims claims, TaskProtection protection) {
        super(claims);
        this.protection = protection;
    }

    @Override
    public Optional<Claim> claim(String own) {
        protection.hold(this);
        boolean claimed = false;
        try {
            Optional<Claim> claim = super.claim(own);
            claimed = claim.isPresent();
            return claim;
        } finally {
            if (!claimed) {
                protection.release(this);
            }
        }
    }

    @Override
    public boolean start(Claim claim) {
        boolean started = super.start(claim);
        if (!started) {
            protection.release(this);
        }
        return started;
    }

    @Override
    public Pulse heartbeat(Claim claim) {
        Pulse pulse = super.heartbeat(claim);
        if (pulse instanceof Pulse.Held) {
            protection.hold(this);
        }
        return pulse;
    }

    @Override
    public boolean finish(Claim claim, JobResult result) {
        boolean finished = super.finish(claim, result);
        protection.release(this);
        return finished;
    }

    @Override
    public void giveBack(Claim claim) {
        super.giveBack(claim);
        protection.release(this);
    }
}
