package io.penstock.router.ledger.lane;

import io.penstock.router.ledger.store.MapStore;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.BatchId;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.ObjectiveName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.id.TenantId;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.Request;
import io.penstock.topics.record.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The lanes of one pool, to be filled and taken from by hand.
final class LaneBench {
    static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    static final PoolName POOL = new PoolName("llama");
    static final ModelName MODEL = new ModelName("org/llama");
    static final double MINIMUM_SHARE = 0.05;

    private final MapStore store = new MapStore();
    private final FairShare scheduler = new FairShare(Duration.ofMinutes(10));
    private final Weights weights;
    private final Map<RequestId, Request> pending = new HashMap<>();
    private Lanes lanes;
    private Instant now = START;
    private long position;

    LaneBench(Weights weights) {
        this.weights = weights;
        this.lanes = open();
    }

    LaneBench() {
        this(Weights.EQUAL);
    }

    private Lanes open() {
        Lanes opened = new Lanes(store, weights, new NoRules());
        opened.recover();
        return opened;
    }

    void restart() {
        lanes.flush();
        lanes = open();
    }

    Lanes lanes() {
        return lanes;
    }

    void pass(Duration duration) {
        now = now.plus(duration);
    }

    /// What a pending request is made of, with what most of them have in common.
    record Job(
            String id, String tenant, Band band, ModelName model, int prompt, int output, Duration window, int prefix) {
        static Job of(String id, String tenant) {
            return new Job(id, tenant, Band.NORMAL, MODEL, 100, 0, Duration.ofDays(1), 0);
        }

        Job in(Band other) {
            return new Job(id, tenant, other, model, prompt, output, window, prefix);
        }

        Job of(ModelName other) {
            return new Job(id, tenant, band, other, prompt, output, window, prefix);
        }

        Job costing(int tokens) {
            return new Job(id, tenant, band, model, tokens, output, window, prefix);
        }

        Job within(Duration other) {
            return new Job(id, tenant, band, model, prompt, output, other, prefix);
        }

        Job beginning(int other) {
            return new Job(id, tenant, band, model, prompt, output, window, other);
        }
    }

    void add(Job job) {
        Tag tag = new Tag(
                job.model(),
                job.model(),
                POOL,
                ObjectiveName.DEFAULT,
                job.band(),
                new TenantId(job.tenant()),
                now.plus(job.window()),
                new Cost(job.prompt(), job.output()),
                job.prefix(),
                false);
        Request request = new Request(new RequestId(job.id()), null, "/v1/chat/completions", tag, null, now, Map.of());
        pending.put(request.id(), request);
        lanes.add(request, entry(request, position++));
    }

    private static LaneEntry entry(Request request, long position) {
        Tag tag = request.tag();
        return new LaneEntry(
                request.id(),
                tag.deadline().toEpochMilli(),
                tag.prefix(),
                position,
                tag.cost().kvTokens(),
                tag.cost().fairShare(),
                request.acceptedAt().toEpochMilli());
    }

    /// Gives `taker` its next request; null if there is none for it.
    FairShare.@Nullable Pick take(Taker taker) {
        PoolLanes pool = lanes.of(POOL);
        FairShare.Pick pick = scheduler.next(pool, taker, now);
        if (pick != null) {
            pool.take(pick, "taker", MINIMUM_SHARE, now);
            Request request = pending.remove(pick.entry().id());
            if (request == null) {
                throw new AssertionError(pick.entry().id() + " was given out twice");
            }
            lanes.remove(request, pick.entry());
        }
        return pick;
    }

    /// The ids given out until `count` are, or none is left.
    List<String> order(int count) {
        List<String> ids = new ArrayList<>();
        FairShare.Pick pick = count == 0 ? null : take(everything());
        while (pick != null) {
            ids.add(pick.entry().id().value());
            pick = ids.size() == count ? null : take(everything());
        }
        return ids;
    }

    static Taker everything() {
        return new Room(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Set.of(MODEL));
    }

    /// A taker with room for requests of up to so many KV tokens per band.
    record Room(long high, long normal, long low, Collection<ModelName> models) implements Taker {
        @Override
        public int sequencesLeft() {
            return 1;
        }

        @Override
        public boolean fits(Band band, long need) {
            return need
                    <= switch (band) {
                        case HIGH -> high;
                        case NORMAL -> normal;
                        case LOW -> low;
                    };
        }

        @Override
        public boolean isAvoidedBy(LaneEntry entry, ModelName model) {
            return false;
        }
    }

    private static final class NoRules implements Lanes.BatchRules {
        @Override
        public boolean isHeldBack(@Nullable BatchId batch) {
            return false;
        }

        @Override
        public Band band(@Nullable BatchId batch, Band tagged) {
            return tagged;
        }

        @Override
        public long extendedMs(@Nullable BatchId batch) {
            return 0;
        }
    }
}
