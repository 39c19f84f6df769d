package io.penstock.standalone;

import io.penstock.service.Health;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Waits until every check is up and the models are known, at most two minutes.
record Readiness(List<Health.Check> checks, BooleanSupplier modelsKnown) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    void await() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isUp()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not ready after " + PATIENCE.toMinutes() + " minutes: " + reasons());
            }
            boolean _ = never.await(20, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isUp() {
        return checks.stream().allMatch(check -> check.health().get() instanceof Health.Up)
                && modelsKnown.getAsBoolean();
    }

    private String reasons() {
        return checks.stream()
                .map(check -> switch (check.health().get()) {
                    case Health.Up() -> check.name() + " up";
                    case Health.Down(String reason) -> check.name() + " down: " + reason;
                })
                .collect(Collectors.joining(", "));
    }
}
