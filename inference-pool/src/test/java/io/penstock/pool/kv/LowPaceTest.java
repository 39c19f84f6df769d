package io.penstock.pool.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.simulator.engine.EngineProfile;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LowPaceTest {
    private static final Duration SCRAPE_EVERY = Duration.ofMillis(50);
    private static final Duration MEASURED = Duration.ofSeconds(60);
    private static final LowPace PACE = new LowPace(300, 0.1, 512);

    @Test
    void lowWorkIsTheNthPartOfOneOfNCalls() {
        assertThat(PACE.beside(2, 10_000)).isEqualTo(2500);
        assertThat(PACE.beside(3, 18_000)).isEqualTo(2000);
        assertThat(PACE.beside(50, 10_000)).as("the least share").isEqualTo(1000);
        assertThat(PACE.beside(5, 1000)).as("the least tokens").isEqualTo(300);
        assertThat(PACE.beside(5, 0)).as("before anything was seen").isEqualTo(300);
        assertThat(new LowPace(0, 0, 512).beside(5, 0)).as("switched off").isZero();
    }

    @Test
    void anEngineIsFoundOutBesideASingleCall() {
        assertThat(PACE.beside(1, 1000)).isEqualTo(2000);
        assertThat(PACE.share(1)).isEqualTo(1);
        assertThat(PACE.share(0)).isEqualTo(1);
    }

    /// Chat of 300 tokens in and 100 out: 16 calls a second are about 40 at a time on the A100, one in four seconds
    /// leaves it without most of the time.
    @ParameterizedTest
    @CsvSource({
        "llama-3.1-8b-a100-40g, 62, 0.01, 0.02",
        "llama-3.1-8b-a100-40g, 4000, 0.75, 1.2",
        "llama-3.1-8b-h100, 4000, 0.5, 1.2"
    })
    void theFewerCallsThereAreTheMoreLowWorkIsDone(String profile, long chatEveryMs, double least, double most) {
        GatedEngine engine = new GatedEngine(EngineProfile.named(profile), SCRAPE_EVERY);
        engine.run(Duration.ofSeconds(20));
        double alone = engine.computedPerSecond(MEASURED);
        engine.chat(Duration.ofMillis(chatEveryMs));
        engine.run(Duration.ofSeconds(30));

        assertThat(engine.computedPerSecond(MEASURED) / alone).isBetween(least, most);
    }

    @Test
    void anEngineThatWasNeverWithoutACallIsUsedAllTheSame() {
        GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_A100_40G, SCRAPE_EVERY);
        engine.chat(Duration.ofSeconds(2));
        engine.run(Duration.ofSeconds(60));

        assertThat(engine.computedPerSecond(MEASURED))
                .as("prompt tokens a second")
                .isGreaterThan(3000);
    }

    @Test
    void norIsOneThatTellsNothingLeftIdleForASingleCall() {
        GatedEngine engine = new GatedEngine(EngineProfile.LLAMA_3_1_8B_A100_40G, SCRAPE_EVERY);
        engine.tellsAnything = false;
        engine.accounts = load -> engine.gate.told("api", 1, 0, load.takenAt());
        engine.chat(Duration.ofSeconds(2));
        engine.run(Duration.ofSeconds(60));

        assertThat(engine.computedPerSecond(MEASURED))
                .as("prompt tokens a second")
                .isGreaterThan(2000);
    }

    @Test
    void whatIsNoPaceIsRefused() {
        assertThatThrownBy(() -> new LowPace(1, 1.5, 1)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> new LowPace(-1, 0, 1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new LowPace(1, 0, -7)).hasMessageContaining("-7");
    }
}
