package comfyserverless.runner.recorded;

import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.runner.claim.PassedOnClaims;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Claims that remember which job was claimed last.
final class RememberingClaims extends PassedOnClaims {
    private final AtomicReference<Claim> last = new AtomicReference<>();

    RememberingClaims(Claims claims) {
        super(claims);
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
        Optional<Claim> claim = super.claim(own);
        claim.ifPresent(last::set);
        return claim;
    }
}
