package comfyserverless.runner.claim;

import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.PromptBody;
import comfyserverless.contract.job.Pulse;
import java.util.Optional;

/// [Claims] of a runner that is protected from just before a claim until its job has ended or gone.
public final class ProtectedClaims implements Claims {
    private final Claims claims;
    private final TaskProtection protection;

    public ProtectedClaims(Claims claims, TaskProtection protection) {
        this.claims = claims;
        this.protection = protection;
    }

    @Override
    public Optional<Claim> claim(String own) {
        protection.hold(this);
        boolean claimed = false;
        try {
            Optional<Claim> claim = claims.claim(own);
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
        boolean started = claims.start(claim);
        if (!started) {
            protection.release(this);
        }
        return started;
    }

    @Override
    public PromptBody body(Claim claim) {
        return claims.body(claim);
    }

    @Override
    public Pulse heartbeat(Claim claim) {
        Pulse pulse = claims.heartbeat(claim);
        if (pulse instanceof Pulse.Held) {
            protection.hold(this);
        }
        return pulse;
    }

    @Override
    public Pulse look(Claim claim) {
        return claims.look(claim);
    }

    @Override
    public boolean finish(Claim claim, JobResult result) {
        boolean finished = claims.finish(claim, result);
        protection.release(this);
        return finished;
    }

    @Override
    public void giveBack(Claim claim) {
        claims.giveBack(claim);
        protection.release(this);
    }
}
