package io.penstock.ingest.hold;

import io.penstock.ingest.IngestMetric;
import io.penstock.pool.EnginePool;
import io.penstock.pool.Placement;
import io.penstock.pool.pick.Pick;
import io.penstock.service.Metrics;
import io.penstock.service.Service;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// Where interactive calls wait while every endpoint that serves their model is full, or none is ready.
///
/// Nothing polls: whoever brings news of an endpoint (its account, or the end of a call there) lets those
/// go that now find room, and each is counted at its endpoint before the next one is looked at. A waiting
/// thread sleeps until it is told or its time is up. Sheddable calls, those of the low band, do not wait.
///
/// Thread-safe; nothing blocks while holding its lock. The lock of the pool is taken inside it, never the
/// other way round.
public final class Hold implements Service {
    private final EnginePool pool;
    private final InstantSource clock;
    private final Metrics metrics;
    private final HoldQueue queue;
    private boolean closing;

    public Hold(EnginePool pool, HoldLimits limits, InstantSource clock, Metrics metrics) {
        this.pool = pool;
        this.clock = clock;
        this.metrics = metrics;
        this.queue = new HoldQueue(limits);
        for (Band band : Band.values()) {
            metrics.gauge(IngestMetric.HELD, () -> calls(band), band.wireName());
            metrics.gauge(IngestMetric.HELD_BYTES, () -> bytes(band), band.wireName());
        }
        pool.onChange(this::release);
    }

    @Override
    public String name() {
        return "hold";
    }

    @Override
    public void start() {
        // It holds from the beginning.
    }

    /// Lets nobody wait any more: whoever does is dropped.
    @Override
    public synchronized void close() {
        closing = true;
        queue.all().forEach(call -> drop(call, DropReason.SHUTTING_DOWN));
    }

    /// Places a call, or lets it wait, or neither. A call does not go past those that wait already, unless
    /// its band is above theirs.
    public synchronized Standing admit(HoldRequest request) {
        ModelName model = request.call().model();
        Shortage shortage;
        if (queue.waits(model)) {
            shortage = queue.shortage(model);
        } else {
            switch (place(request)) {
                case Placement.At at -> {
                    return placed(request, at);
                }
                case Placement.Nowhere(Pick.UnknownModel _) -> {
                    metrics.count(IngestMetric.PICKS, "unknown_model");
                    return new Standing.UnknownModel();
                }
                case Placement.Nowhere(Pick.Nowhere why) -> shortage = Shortage.of(why);
            }
        }
        metrics.count(
                IngestMetric.PICKS,
                switch (shortage) {
                    case ROOM -> "saturated";
                    case ENDPOINTS -> "none_ready";
                });
        if (closing) {
            return dropped(request.band(), DropReason.SHUTTING_DOWN);
        }
        if (request.band() == Band.LOW || !queue.hasRoom(request)) {
            return dropped(request.band(), shortage.refused());
        }
        HeldCall call = new HeldCall(request, clock.instant());
        boolean first = queue.isEmpty();
        queue.add(call, shortage);
        if (first) {
            pool.watchClosely(true);
        }
        release();
        return call.end == null ? new Standing.Waiting(call) : call.end;
    }

    /// Waits until `call` waits no more, at most for `patience`.
    ///
    /// @throws InterruptedException if the thread is interrupted; the call still waits
    public Standing await(HeldCall call, Duration patience) throws InterruptedException {
        Instant until = clock.instant().plus(patience);
        while (true) {
            Duration left;
            synchronized (this) {
                if (call.end != null) {
                    return call.end;
                }
                Instant now = clock.instant();
                Instant deadline = queue.deadline(call);
                if (!now.isBefore(deadline)) {
                    return drop(call, queue.shortage(call).expired());
                }
                if (!now.isBefore(until)) {
                    return new Standing.Waiting(call);
                }
                left = Duration.between(now, deadline.isBefore(until) ? deadline : until);
            }
            boolean _ = call.news.tryAcquire(left.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /// The client of `call` is gone. A call that has been placed stays placed.
    public synchronized void leave(HeldCall call) {
        if (call.end == null) {
            Standing _ = drop(call, DropReason.CONTEXT_CANCELLED);
        }
    }

    /// Nobody waits for `call` any more: it is dropped, or gives back the place it was given meanwhile.
    public void abandon(HeldCall call) {
        Standing.Settled end;
        synchronized (this) {
            leave(call);
            end = call.end;
        }
        if (end instanceof Standing.Placed(Placement.At at)) {
            at.lease().close();
        }
    }

    private synchronized void release() {
        if (queue.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        HoldQueue.Round round = queue.release(this::place, now);
        for (HoldQueue.Sent sent : round.sent()) {
            HeldCall call = sent.call();
            Duration waited = Duration.between(call.since, now);
            metrics.time(IngestMetric.HOLD_TIME, waited, call.request.band().wireName());
            settle(call, placed(call.request, sent.at()));
        }
        round.retimed().forEach(call -> call.news.release());
    }

    private Placement place(HoldRequest request) {
        return pool.place(request.call(), request.avoid());
    }

    private Standing.Placed placed(HoldRequest request, Placement.At at) {
        metrics.count(IngestMetric.PICKS, "placed");
        if (request.call().prompt().count() > 0) {
            metrics.record(IngestMetric.PREFIX_SHARE, at.promptShare());
        }
        return new Standing.Placed(at);
    }

    private Standing drop(HeldCall call, DropReason reason) {
        boolean _ = queue.remove(call);
        Standing.Dropped end = dropped(call.request.band(), reason);
        settle(call, end);
        return end;
    }

    private Standing.Dropped dropped(Band band, DropReason reason) {
        metrics.count(IngestMetric.DROPPED, reason.wireName(), band.wireName());
        return new Standing.Dropped(reason);
    }

    private void settle(HeldCall call, Standing.Settled end) {
        call.end = end;
        call.news.release();
        if (queue.isEmpty()) {
            pool.watchClosely(false);
        }
    }

    private synchronized int calls(Band band) {
        return queue.calls(band);
    }

    private synchronized long bytes(Band band) {
        return queue.bytes(band);
    }
}
