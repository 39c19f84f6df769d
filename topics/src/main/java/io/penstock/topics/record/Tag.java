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
/// an alias applies. `deadline` is the instant after which an answer is of no use.
public record Tag(
        ModelName model,
        ModelName servedAs,
        PoolName pool,
        ObjectiveName objective,
        Band band,
        TenantId tenant,
        Instant deadline,
        Cost cost) {}
