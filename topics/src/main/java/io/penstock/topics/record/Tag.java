package io.penstock.topics.record;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.TenantId;
import java.time.Instant;

/// What the router adds to a request.
///
/// `model` is the name the client sent, `servedAs` the name the engine knows it by; they differ where
/// an alias applies. `deadline` is the instant after which an answer is of no use. `prefix` groups prompts that
/// begin alike (`BodyFacts.prefix`). `resume` is the objective's.
public record Tag(
        ModelName model,
        ModelName servedAs,
        PoolName pool,
        ObjectiveName objective,
        Band band,
        TenantId tenant,
        Instant deadline,
        Cost cost,
        int prefix,
        boolean resume) {
    /// The same tag with another band and deadline, as a command may set.
    public Tag with(Band newBand, Instant newDeadline) {
        return new Tag(model, servedAs, pool, objective, newBand, tenant, newDeadline, cost, prefix, resume);
    }
}
