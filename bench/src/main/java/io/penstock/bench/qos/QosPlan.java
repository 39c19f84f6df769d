package io.penstock.bench.qos;

import io.penstock.simulator.engine.EngineProfile;
import java.time.Duration;

/// The load of every scenario. Times are the simulated engines' own; the machine's pass `speedup` times
/// as fast.
///
/// The shape is that of llm-d batch-gateway's published benchmark (issue 491): chat of 512 tokens in
/// and 128 out comes at 15 calls a second in bursts of 90 s with 90 s between them, and behind it lies
/// more batch work of the same size than can be done. `warmUp` of idle time comes first and is not
/// measured: connections are opened, code is compiled, and the caches are filled, as they are again at the
/// end, or lines begun before the measurement would count for it.
public record QosPlan(
        String profile,
        int engines,
        double speedup,
        int waves,
        Duration burst,
        Duration idle,
        Duration warmUp,
        double chatsPerSecond,
        int promptTokens,
        int outputTokens,
        long seed) {
    /// Llama 3.1 8B on two A100 40 GB, four waves, twice as fast as real time: faster, and what the machine
    /// adds to each call weighs more than what is measured. Chance makes some 2 % of the ratio of chat's p95 in
    /// four waves, 3 % in two.
    public static final QosPlan DEFAULT = new QosPlan(
            "llama-3.1-8b-a100-40g",
            2,
            2,
            4,
            Duration.ofSeconds(90),
            Duration.ofSeconds(90),
            Duration.ofSeconds(30),
            15,
            512,
            128,
            1);

    /// The same with so many waves.
    QosPlan waves(int number) {
        return new QosPlan(
                profile,
                engines,
                speedup,
                number,
                burst,
                idle,
                warmUp,
                chatsPerSecond,
                promptTokens,
                outputTokens,
                seed);
    }

    /// The same with so many calls a second.
    QosPlan chats(double perSecond) {
        return new QosPlan(
                profile, engines, speedup, waves, burst, idle, warmUp, perSecond, promptTokens, outputTokens, seed);
    }

    /// What the KV cache of one engine holds, in tokens.
    long kvCapacityTokens() {
        return EngineProfile.named(profile).limits().kvCacheSizeTokens();
    }

    /// From the beginning of one burst to that of the next.
    Duration period() {
        return burst.plus(idle);
    }

    /// How long is measured, in simulated time.
    public Duration measured() {
        return period().multipliedBy(waves);
    }

    /// The share of the time in which there is chat.
    double burstShare() {
        return (double) burst.toNanos() / period().toNanos();
    }

    /// More batch lines than the engines can do: 20 a second for each.
    int batchLines() {
        return (int) (engines * 20L * measured().plus(warmUp).toSeconds());
    }

    /// The machine's time for so much simulated time, in nanoseconds.
    public long wallNanos(Duration simulated) {
        return (long) (simulated.toNanos() / speedup);
    }

    /// Simulated milliseconds in so many nanoseconds of the machine's.
    public double simulatedMillis(long wallNanos) {
        return wallNanos * speedup / 1e6;
    }

    /// True if chat comes at this moment after the start of the measurement. Each wave begins with its burst.
    public boolean isBurst(Duration sinceStart) {
        long into = Math.floorMod(sinceStart.toNanos(), period().toNanos());
        return !sinceStart.isNegative() && into < burst.toNanos();
    }
}
