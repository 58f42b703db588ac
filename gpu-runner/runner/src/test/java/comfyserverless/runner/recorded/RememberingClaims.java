package comfyserverless.runner.recorded;

import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.PromptBody;
import comfyserverless.contract.job.Pulse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Claims that remember which job was claimed last.
final class RememberingClaims implements Claims {
    private final Claims claims;
    private final AtomicReference<Claim> last = new AtomicReference<>();

    RememberingClaims(Claims claims) {
        this.claims = claims;
    }

    Claim last() {
        Claim claim = last.get();
        if (claim == null) {
            throw new IllegalStateException("nothing was claimed");
        }
        return claim;
    }

    @Override
    public Optional<Claim> claim(String own) {
        Optional<Claim> claim = claims.claim(own);
        claim.ifPresent(last::set);
        return claim;
    }

    @Override
    public boolean start(Claim claim) {
        return claims.start(claim);
    }

    @Override
    public PromptBody body(Claim claim) {
        return claims.body(claim);
    }

    @Override
    public Pulse heartbeat(Claim claim) {
        return claims.heartbeat(claim);
    }

    @Override
    public Pulse look(Claim claim) {
        return claims.look(claim);
    }

    @Override
    public boolean finish(Claim claim, JobResult result) {
        return claims.finish(claim, result);
    }

    @Override
    public void giveBack(Claim claim) {
        claims.giveBack(claim);
    }
}
