package io.penstock.topics.record;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A worker's standing demand for one endpoint: with every ticket up to `asOfTicket` accounted for,
/// there is room for `spare` KV tokens per band and `sequences` requests.
///
/// It is absolute: a later pull (higher `serial`) replaces an earlier one, so a lost, repeated or
/// reordered pull is superseded and never miscounted. It is also the heartbeat, repeated every second.
/// `workPartition` is where on `work` this worker listens. `draining` pullers want nothing more and
/// return what they cannot finish. `reading` is null if the engine's metrics are not known.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Pull(
        Puller puller,
        PoolName pool,
        int workPartition,
        long serial,
        long asOfTicket,
        Spare spare,
        int sequences,
        Set<ModelName> models,
        boolean draining,
        @Nullable Reading reading) {
    public Pull {
        if (workPartition < 0 || serial < 0 || asOfTicket < 0 || sequences < 0) {
            throw new IllegalArgumentException(
                    "pull of " + puller + " has a negative number: partition " + workPartition + ", serial " + serial
                            + ", as of ticket " + asOfTicket + ", sequences " + sequences);
        }
        models = Set.copyOf(models);
    }

    /// What the worker's gate saw, to explain its demand: the share of the engine's KV cache in use, the
    /// ceiling of the low band, both 0 to 1, and the signal that closed the gate, null if it is open.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Reading(
            double kvUsage, double ceiling, @Nullable String closedBy) {}

    /// KV tokens that each band may still book at the endpoint; never negative.
    public record Spare(long high, long normal, long low) {
        /// Nothing to spare: the gate is closed.
        public static final Spare NONE = new Spare(0, 0, 0);

        public Spare {
            if (high < 0 || normal < 0 || low < 0) {
                throw new IllegalArgumentException(
                        "spare tokens must not be negative: " + high + ", " + normal + ", " + low);
            }
        }

        /// The tokens that `band` may book.
        public long of(Band band) {
            return switch (band) {
                case HIGH -> high;
                case NORMAL -> normal;
                case LOW -> low;
            };
        }
    }
}
