package io.penstock.bench.qos;

import java.time.Duration;
import java.util.Random;

/// When the calls of a plan's chat come, on a virtual clock: at random moments, a Poisson process. The burst of a wave
/// begins up to 10 s later than in the plan: batch lines come and go in a rhythm of their own, and chat is to meet it
/// at
/// every point. Times are nanoseconds since the beginning.
final class VirtualChat {
    private static final long NEVER = Long.MAX_VALUE;

    /// As long as a batch line is at an engine.
    private static final Duration LATE_MAX = Duration.ofSeconds(10);

    /// The fractions of its multiples are spread evenly, however many there are.
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private final QosPlan plan;
    private final Times times;
    private final int every;
    private final Random random;
    private long next;

    /// When there is chat.
    enum Times {
        ALWAYS,
        IN_BURSTS
    }

    /// Of the plan's calls the `every`th: what one engine gets if calls go to so many in turn.
    VirtualChat(QosPlan plan, Times times, int every) {
        this.plan = plan;
        this.times = times;
        this.every = every;
        this.random = new Random(plan.seed());
        pass();
    }

    /// When the next call comes.
    long next() {
        return next;
    }

    /// Goes on to the call after the next one.
    void pass() {
        if (plan.chatsPerSecond() == 0) {
            next = NEVER;
            return;
        }
        do {
            double seconds = 0;
            for (int other = 0; other < every; other++) {
                seconds -= Math.log(1 - random.nextDouble()) / plan.chatsPerSecond();
            }
            next += (long) (seconds * 1e9);
        } while (!isBurst(next));
    }

    /// True if there is chat at `at`.
    boolean isBurst(long at) {
        return times == Times.ALWAYS || isIn(at, wave(at)) || isIn(at, wave(at) - 1);
    }

    private long wave(long at) {
        return at / period();
    }

    private boolean isIn(long at, long wave) {
        long begins = period() * wave + plan.idle().toNanos() + late(wave);
        return wave >= 0 && at >= begins && at < begins + plan.burst().toNanos();
    }

    private long period() {
        return plan.period().toNanos();
    }

    private static long late(long wave) {
        return (long) (wave * GOLDEN % 1 * LATE_MAX.toNanos());
    }

    /// The share of the time in which there is.
    double share() {
        return switch (times) {
            case ALWAYS -> 1;
            case IN_BURSTS -> plan.burstShare();
        };
    }
}
