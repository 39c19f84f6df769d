package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.EngineLoad;
import io.penstock.simulator.engine.EngineProfile;
import io.penstock.topics.id.Band;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// How long durable work without end keeps an engine fuller than interactive calls are sent to. Nobody of
/// those who are held for it is at the engine, so that its gate knows of nobody to make room for.
class OpenToChatTest {
    private static final Duration SCRAPE_EVERY = Duration.ofMillis(50);
    /// The Endpoint Picker's default; our own is 0.9.
    private static final double FULL = 0.8;
    private static final int LOOKS = 1200;

    private int shut;
    private int inARow;
    private int longest;

    @ParameterizedTest
    @EnumSource(Band.class)
    void aBandThatFillsAnEngineToItsCeilingLeavesItOpen(Band band) {
        fill(band, Ceilings.DEFAULT);

        assertThat(shut).as("looks of %s at which it is shut", LOOKS).isLessThan(LOOKS / 10);
        assertThat(SCRAPE_EVERY.multipliedBy(longest)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aCeilingAboveTheDoorKeepsItShut() {
        fill(Band.HIGH, new Ceilings(1.0, 0.90, 0.75));

        assertThat(shut).as("looks of %s at which it is shut", LOOKS).isGreaterThan(LOOKS / 2);
        assertThat(SCRAPE_EVERY.multipliedBy(longest)).isGreaterThan(Duration.ofSeconds(10));
    }

    private void fill(Band band, Ceilings ceilings) {
        GatedEngine engine = new GatedEngine(
                EngineProfile.LLAMA_3_1_8B_A100_40G,
                SCRAPE_EVERY,
                new GatePolicy(ceilings, GateLimits.DEFAULT, ChatLimits.DEFAULT, ReactiveLimit.Bounds.DEFAULT));
        engine.band = band;
        engine.run(Duration.ofSeconds(20));
        engine.accounts = this::look;
        engine.run(SCRAPE_EVERY.multipliedBy(LOOKS));
        assertThat(engine.gate.others()).isZero();
    }

    private void look(EngineLoad load) {
        boolean isShut = load.kvUse().orElseThrow() > FULL;
        shut += isShut ? 1 : 0;
        inARow = isShut ? inARow + 1 : 0;
        longest = Math.max(longest, inARow);
    }
}
