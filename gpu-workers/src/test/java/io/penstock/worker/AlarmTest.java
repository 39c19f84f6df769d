package io.penstock.worker;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AlarmTest {
    @Test
    void whoeverLooksMaySetItAnew() {
        AtomicInteger looks = new AtomicInteger();
        AtomicReference<Alarm> alarm = new AtomicReference<>();
        alarm.set(new Alarm(() -> {
            if (looks.incrementAndGet() < 3) {
                alarm.get().in(Duration.ZERO);
            }
        }));
        alarm.get().in(Duration.ofMillis(1));

        await().until(() -> looks.get() == 3);
        alarm.get().in(Duration.ZERO);
        await().until(() -> looks.get() == 4);
    }

    @Test
    void aLookThatFailsDoesNotSilenceIt() {
        AtomicInteger looks = new AtomicInteger();
        Alarm alarm = new Alarm(() -> {
            if (looks.incrementAndGet() == 1) {
                throw new IllegalStateException("on purpose");
            }
        });
        alarm.in(Duration.ZERO);
        await().until(() -> looks.get() == 1);
        alarm.in(Duration.ZERO);
        await().until(() -> looks.get() == 2);
    }
}
