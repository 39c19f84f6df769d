package io.penstock.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Test
    void servicesStopInReverseAndOnce() throws Exception {
        Services services = new Services();
        services.start(new Recorded("a", false));
        services.start(new Recorded("b", false));
        services.close();
        services.close();

        assertThat(events).containsExactly("+a", "+b", "-b", "-a");
    }

    @Test
    void aFailedStartStopsWhatWasStarted() throws Exception {
        Services services = new Services();
        services.start(new Recorded("a", false));

        assertThatThrownBy(() -> services.start(new Recorded("b", true))).hasMessage("b fails");
        assertThat(events).containsExactly("+a", "-b", "-a");
    }

    @Test
    void nothingStartsOnceStopping() throws Exception {
        Services services = new Services();
        services.start(new Recorded("a", false));
        services.close();

        assertThatThrownBy(() -> services.start(new Recorded("b", false))).hasMessageContaining("b is not started");
        assertThat(events).containsExactly("+a", "-a");
    }

    @Test
    void aPartThatNeverStopsIsLeftBehindAndTheOthersStop() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Services services = new Services(Duration.ofMillis(50));
        services.start(new Recorded("a", false));
        services.start(new Stuck(interrupted));
        services.close();

        assertThat(events).containsExactly("+a", "-a");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPartThatFailsToStopDoesNotKeepTheOthers() throws Exception {
        Services services = new Services();
        services.start(new Recorded("a", false));
        services.start(new Recorded("b", false) {
            @Override
            public void close() {
                throw new IllegalStateException("b does not stop");
            }
        });
        services.close();

        assertThat(events).containsExactly("+a", "+b", "-a");
    }

    /// Stops when interrupted only.
    private record Stuck(CountDownLatch interrupted) implements Service {
        @Override
        public String name() {
            return "stuck";
        }

        @Override
        public void start() {}

        @Override
        public void close() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException _) {
                interrupted.countDown();
            }
        }
    }

    private class Recorded implements Service {
        private final String name;
        private final boolean fails;

        private Recorded(String name, boolean fails) {
            this.name = name;
            this.fails = fails;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void start() {
            if (fails) {
                throw new IllegalStateException(name + " fails");
            }
            events.add("+" + name);
        }

        @Override
        public void close() {
            events.add("-" + name);
        }
    }
}
