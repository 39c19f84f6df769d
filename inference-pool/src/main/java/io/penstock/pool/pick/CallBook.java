package io.penstock.pool.pick;

import io.penstock.pool.EndpointState;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.Standstill;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls of ours at an endpoint, and by them whether its account of itself is to be believed. Not thread-safe.
public final class CallBook {
    private final Duration loadAgeMax;
    private final Standstill standstill = new Standstill();
    private final List<Instant> sent = new ArrayList<>();
    private int awaiting;
    private Instant lastSent = Instant.MIN;
    private Instant busySince = Instant.MIN;
    private @Nullable EngineLoad last;

    /// An account that has stood still for `loadAgeMax` although calls came or went is not believed.
    public CallBook(Duration loadAgeMax) {
        this.loadAgeMax = loadAgeMax;
    }

    /// A call is sent there, and awaits its first word.
    public Call sent(Instant at) {
        busySince = sent.isEmpty() ? at : busySince;
        lastSent = at;
        sent.add(at);
        awaiting++;
        standstill.ourLoadChanged(at);
        return new Call(at);
    }

    /// Calls that are there.
    public int underWay() {
        return sent.size();
    }

    /// Those of them that await their first word.
    public int awaiting() {
        return awaiting;
    }

    /// Takes note of what the endpoint tells, null if nothing. One that tells nothing of its use is not judged by it.
    public void told(@Nullable EngineLoad load) {
        if (load != null && load.tellsUse()) {
            boolean moved = last == null || !load.standsAs(last);
            standstill.told(load.takenAt(), moved, load.isIdle(), sent.isEmpty() ? null : busySince);
            last = load;
        }
    }

    /// The endpoint in `state` as the picker sees it for a call, of whose prompt it was sent `promptShare` before.
    public Candidate candidate(EndpointState state, double promptShare) {
        EndpointState believed = standstill.isFrozen(loadAgeMax) ? state.withoutLoad() : state;
        Instant moved = standstill.movedAt();
        return new Candidate(
                believed,
                new OurCalls(sent.size(), sentSince(believed.load()), awaiting, lastSent),
                moved == null ? Instant.MAX : moved,
                promptShare);
    }

    private int sentSince(@Nullable EngineLoad load) {
        return load == null
                ? sent.size()
                : (int) sent.stream().filter(at -> !at.isBefore(load.takenAt())).count();
    }

    /// A call that was sent.
    public final class Call {
        private final Instant sentAt;
        private boolean open = true;
        private boolean awaits = true;

        private Call(Instant sentAt) {
            this.sentAt = sentAt;
        }

        /// Its first word has come, or will not come alone. False if that was known, or it has ended.
        public boolean firstWord() {
            if (!awaits) {
                return false;
            }
            awaits = false;
            awaiting--;
            return true;
        }

        /// It has ended at `at`. False if that was known.
        public boolean ended(Instant at) {
            if (!open) {
                return false;
            }
            boolean _ = firstWord();
            open = false;
            sent.remove(sentAt);
            standstill.ourLoadChanged(at);
            return true;
        }
    }
}
